import { environmentNames } from '../../contract/environment';
import { UsageError } from '../../cli/command-error';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { LivePhotoFacts } from 'complycube-stand-in/stand';
import type { ComplyCubeAccess } from '../pipeline/pipeline';
import { refusedClientId, sampleClientId, unknownClientId } from './sample-set';

/** Where the photos of a run are sent. */
export interface ComplyCubeChoice {
  readonly access: ComplyCubeAccess;
  /** In words. */
  readonly name: string;
  /** How many times faster the waits pass before a message comes back. */
  readonly waitSpeed: number;
  /** Left out: photos go to ComplyCube itself. */
  readonly standIn?: WatchedStandIn;
  close(): Promise<void>;
}

/** A stand-in that runs until it is closed. */
export interface StandInChoice extends ComplyCubeChoice {
  readonly standIn: WatchedStandIn;
}

/** A stand-in that tells of what it does, and does wrong what it is told to. */
export interface WatchedStandIn extends Pick<LocalComplyCube, 'fault'> {
  /** From now on tells of each live photo as soon as it is stored. */
  onLivePhoto(listener: (livePhoto: LivePhotoFacts) => void): void;
}

/** The sandbox allows half of what a live account may ask (ComplyCube's API reference, "Rate limits"). */
const requestsPerSecond = { test: 5, live: 10 };

/**
 * ComplyCube's own API, or what `COMPLYCUBE_BASE_URL` names instead; with the waits that it asks for.
 * @throws UsageError when `COMPLYCUBE_API_KEY` is not set.
 */
export function chooseRealComplyCube(variables: NodeJS.ProcessEnv): ComplyCubeChoice {
  const apiKey = variables['COMPLYCUBE_API_KEY'] ?? '';
  if (apiKey === '') throw new UsageError('COMPLYCUBE_API_KEY is not set: --real needs an API key');
  const baseUrl = variables[environmentNames.complyCubeBaseUrl] ?? 'https://api.complycube.com/v1';
  return {
    access: { baseUrl, apiKey, requestsPerSecond: requestsPerSecond[apiKey.startsWith('test_') ? 'test' : 'live'] },
    name: `ComplyCube's API at ${baseUrl}`,
    waitSpeed: 1,
    close: () => Promise.resolve(),
  };
}

/**
 * A stand-in on this machine; a rehearsal doesn't sit through the minutes that the function asks to wait for.
 * @param isSampleRun whether it knows just the sample clients, or any but the one that nobody knows.
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
      for (const tell of listeners) tell(livePhoto);
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
      fault: (rule, match) => {
        standIn.fault(rule, match);
      },
      onLivePhoto: (listener) => listeners.add(listener),
    },
    close: () => standIn.close(),
  };
}
