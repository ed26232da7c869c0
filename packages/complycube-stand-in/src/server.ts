import { listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';
import { parseFaultRule } from './fault-rules';
import type { FaultMatch, FaultRule } from './faults';
import type { ComplyCubeOptions } from './options';
import { listenFor } from './request-listener';
import { addClient, createStand, listLivePhotos, takeStatistics, type LivePhotoFacts } from './stand';
import type { Statistics } from './statistics';

/** A running stand-in for ComplyCube's API. */
export interface LocalComplyCube extends LoopbackServer {
  /** Stands for `https://api.complycube.com/v1`. */
  readonly baseUrl: string;
  /** The live photos stored now, oldest first, without their bytes. */
  readonly livePhotos: readonly LivePhotoFacts[];
  /** The faults that are still to happen, each with its remaining `count`. */
  readonly faults: readonly FaultRule[];
  /**
   * Requests a fault. Several happen in the order in which they were requested.
   * @throws ApiError for a rule that is malformed.
   */
  fault(rule: FaultRule, match?: FaultMatch): void;
  clearFaults(): void;
  /** @throws TypeError if the key begins with neither `test_` nor `live_`. */
  acceptKey(key: string): void;
  revokeKey(key: string): void;
  /**
   * Adds a client, in the sandbox and live.
   * @param afterMs until then it does not exist, whatever the options say; 0 by default.
   */
  addClient(clientId: string, afterMs?: number): void;
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
      stand.faults.add(parseFaultRule(rule), match);
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
    addClient(clientId, afterMs) {
      addClient(stand, clientId, afterMs);
    },
    statistics() {
      return takeStatistics(stand);
    },
  };
}
