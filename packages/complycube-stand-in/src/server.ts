import { listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';
import { parseFaultRule, type FaultMatch, type FaultRule } from './faults';
import type { LivePhotoFacts } from './live-photos';
import type { ComplyCubeOptions } from './options';
import { createListener } from './request-listener';
import { addClient, createState, listLivePhotos, takeStatistics, type Statistics, useInCheck } from './state';

/** A running stand-in for ComplyCube's API. */
export interface LocalComplyCube extends LoopbackServer {
  /** Replaces `https://api.complycube.com/v1`. */
  readonly baseUrl: string;
  /** The stored live photos, oldest first, without their bytes. */
  readonly livePhotos: readonly LivePhotoFacts[];
  /** The pending faults, each with its remaining `count`. */
  readonly faults: readonly FaultRule[];
  /**
   * Requests a fault. Several faults happen in the order in which they were requested.
   * @throws ApiError for a malformed rule.
   */
  fault(rule: FaultRule, match?: FaultMatch): void;
  clearFaults(): void;
  /** @throws TypeError if the key starts with neither `test_` nor `live_`. */
  acceptKey(key: string): void;
  revokeKey(key: string): void;
  /**
   * Adds a client to both environments.
   * @param afterMs the client does not exist before, whatever the options say. Default: 0.
   */
  addClient(clientId: string, afterMs?: number): void;
  /** Uses a live photo in a check: ComplyCube then refuses to delete it. @throws ApiError if it does not exist. */
  useInCheck(livePhotoId: string): void;
  statistics(): Statistics;
}

/**
 * Starts a stand-in for ComplyCube's API on 127.0.0.1. All data is in memory.
 * @throws TypeError for a key that starts with neither `test_` nor `live_`; what `listen` reports.
 */
export async function startComplyCube(options: ComplyCubeOptions): Promise<LocalComplyCube> {
  const state = createState(options);
  const { faults, keys } = state;
  const server = await listenOnLoopback(createListener(state), options.port);
  return {
    ...server,
    close: async () => {
      await server.close();
      state.eventLoopDelay.disable();
      await state.uploadParser.close();
    },
    baseUrl: `${server.url}/v1`,
    get livePhotos() {
      return listLivePhotos(state);
    },
    get faults() {
      return faults.rules();
    },
    fault(rule, match) {
      faults.add(parseFaultRule(rule), match);
    },
    clearFaults() {
      faults.clear();
    },
    acceptKey(key) {
      keys.accept(key);
    },
    revokeKey(key) {
      keys.revoke(key);
    },
    addClient(clientId, afterMs) {
      addClient(state, clientId, afterMs);
    },
    useInCheck(livePhotoId) {
      useInCheck(state, livePhotoId);
    },
    statistics: () => takeStatistics(state),
  };
}
