import { listenOnLoopback, type LoopbackServer } from '../loopback-server';
import type { FaultMatch, FaultRule } from './faults';
import type { ComplyCubeOptions } from './options';
import { listenFor } from './request-listener';
import { createStand, listLivePhotos, takeStatistics, type LivePhotoFacts } from './stand';
import type { Statistics } from './statistics';

/** A running stand-in for ComplyCube's API. */
export interface LocalComplyCube extends LoopbackServer {
  /** What a client of ComplyCube takes for `https://api.complycube.com/v1`. */
  readonly baseUrl: string;
  /** The live photos stored now, oldest first, without their bytes. */
  readonly livePhotos: readonly LivePhotoFacts[];
  /** The faults still to come; `count` is what remains of each. */
  readonly faults: readonly FaultRule[];
  /** Asks for a fault; several take place in the order in which they were asked for. */
  fault(rule: FaultRule, match?: FaultMatch): void;
  clearFaults(): void;
  /** @throws TypeError if the key begins with neither `test_` nor `live_`. */
  acceptKey(key: string): void;
  revokeKey(key: string): void;
  /** Lets a client exist from now on, in the sandbox and live. */
  addClient(clientId: string): void;
  statistics(): Statistics;
}

/**
 * Starts a stand-in for ComplyCube's API on 127.0.0.1, with everything in memory.
 * @throws TypeError for a key that begins with neither `test_` nor `live_`, and what `listen` reports.
 */
export async function startComplyCube(options: ComplyCubeOptions): Promise<LocalComplyCube> {
  const stand = createStand(options);
  const server = await listenOnLoopback(listenFor(stand), options.port);
  return {
    url: server.url,
    baseUrl: `${server.url}/v1`,
    close: () => server.close(),
    get livePhotos() {
      return listLivePhotos(stand);
    },
    get faults() {
      return stand.faults.rules();
    },
    fault(rule, match) {
      stand.faults.add(rule, match);
    },
    clearFaults() {
      stand.faults.clear();
    },
    acceptKey(key) {
      stand.keys.accept(key);
    },
    revokeKey(key) {
      stand.keys.revoke(key);
    },
    addClient(clientId) {
      for (const { clients } of Object.values(stand.accounts)) clients.add(clientId);
    },
    statistics() {
      return takeStatistics(stand);
    },
  };
}
