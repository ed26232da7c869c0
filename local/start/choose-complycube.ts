import { environmentNames } from '../../contract/environment';
import { UsageError } from '../../cli/command-error';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import type { ComplyCubeAccess } from '../pipeline/pipeline';
import { refusedClientId, sampleClientId, unknownClientId } from './sample-set';

/** The ComplyCube API that a run uses. */
export interface ComplyCubeChoice {
  readonly access: ComplyCubeAccess;
  /** Display name. */
  readonly name: string;
  /** Factor by which waits before a redelivery are shortened. */
  readonly waitSpeed: number;
  /** Undefined: photos go to ComplyCube's own API. */
  readonly standIn?: WatchedStandIn;
  close(): Promise<void>;
}

/** A running stand-in. */
export interface StandInChoice extends ComplyCubeChoice {
  readonly standIn: WatchedStandIn;
}

/** A stand-in whose live photos can be observed, and whose faults can be set. */
export interface WatchedStandIn extends Pick<LocalComplyCube, 'fault' | 'livePhotos'> {
  /** Adds a listener that is called with each new live photo. */
  onLivePhoto(listener: (livePhoto: LivePhotoFacts) => void): void;
}

/** ComplyCube's API reference, "Rate limits". Test keys use the sandbox. */
const requestsPerSecond = { test: 5, live: 10 };

/**
 * ComplyCube's own API, or the one at `COMPLYCUBE_BASE_URL`.
 * @throws UsageError if `COMPLYCUBE_API_KEY` is not set.
 */
export function chooseRealComplyCube(variables: NodeJS.ProcessEnv): ComplyCubeChoice {
  const apiKey = variables['COMPLYCUBE_API_KEY'] ?? '';
  if (apiKey === '') throw new UsageError('COMPLYCUBE_API_KEY is not set: --real requires an API key');
  const baseUrl = variables[environmentNames.complyCubeBaseUrl] ?? 'https://api.complycube.com/v1';
  return {
    access: { baseUrl, apiKey, requestsPerSecond: requestsPerSecond[apiKey.startsWith('test_') ? 'test' : 'live'] },
    name: `ComplyCube's API at ${baseUrl}`,
    waitSpeed: 1,
    close: () => Promise.resolve(),
  };
}

/**
 * Starts a stand-in on this machine. Waits are shortened to seconds.
 * @param isSampleRun whether only the sample clients exist. Otherwise all clients exist except `unknownClientId`.
 */
export async function startStandIn(isSampleRun: boolean): Promise<StandInChoice> {
  const apiKey = 'live_key_of_the_stand_in';
  const sampleClients = [sampleClientId, refusedClientId];
  const listeners = new Set<(livePhoto: LivePhotoFacts) => void>();
  const standIn = await startComplyCube({
    keys: [apiKey],
    latencyMs: [100, 400],
    isKnownClient: (clientId) => (isSampleRun ? sampleClients.includes(clientId) : clientId !== unknownClientId),
    onLivePhoto: (livePhoto) => {
      for (const notify of listeners) notify(livePhoto);
    },
  });
  standIn.fault(
    {
      fault: 'status',
      status: 422,
      message: 'The photo shows more than one face',
      count: null,
      for: 'POST /livePhotos',
    },
    ({ clientId }) => clientId === refusedClientId,
  );
  return {
    access: { baseUrl: standIn.baseUrl, apiKey },
    name: 'a stand-in for ComplyCube',
    waitSpeed: 300,
    standIn: {
      get livePhotos() {
        return standIn.livePhotos;
      },
      fault: (rule, match) => standIn.fault(rule, match),
      onLivePhoto: (listener) => listeners.add(listener),
    },
    close: () => standIn.close(),
  };
}
