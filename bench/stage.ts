import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationVariables, environmentNames } from '../contract/environment';
import { bundleContestants, bundlePrograms, type Contestant, type Programs } from './contestants';
import { findNode, installPeers } from './peers';
import type { Distances, Interval, Service } from './world/network';
import type { WorldReply, WorldRequest } from './world/server';

/** Everything that a measurement needs: the contestants' bundles, and the world that they call. */
export interface Stage {
  readonly nodePath: string;
  readonly nodeVersion: string;
  readonly programs: Programs;
  readonly bundles: Readonly<Record<Contestant, string>>;
  /** The contestants' environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Puts the services at a distance; those left out are near. */
  setDistances(distances: Distances): Promise<void>;
  /** When requests were under way since this was asked last. */
  takeIntervals(): Promise<readonly Interval[]>;
  close(): Promise<void>;
}

/** Installs the peers, bundles all, and starts the world. */
export async function setStage(say: (text: string) => void): Promise<Stage> {
  installPeers(say);
  const programs = bundlePrograms();
  const bundles = bundleContestants();
  const nodePath = findNode();
  const world = fork(programs.world, { execPath: nodePath, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const { urls, certificate } = await nextReply(world);
  if (urls === undefined || certificate === undefined) throw new Error('The servers did not start');
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-bench-'));
  const certificatePath = join(folder, 'certificate.pem');
  writeFileSync(certificatePath, certificate);

  const ask = async (request: WorldRequest): Promise<WorldReply> => {
    const reply = nextReply(world);
    world.send(request);
    return reply;
  };
  return {
    nodePath,
    nodeVersion: spawnSync(nodePath, ['--version'], { encoding: 'utf8' }).stdout.trim(),
    programs,
    bundles,
    variables: variablesFor(urls, certificatePath),
    setDistances: async (distances) => {
      await ask({ setDistances: distances });
    },
    takeIntervals: async () => (await ask({ takeIntervals: true })).intervals ?? [],
    close: async () => {
      world.kill();
      await once(world, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function nextReply(world: ChildProcess): Promise<WorldReply> {
  const [reply] = (await once(world, 'message')) as [WorldReply];
  return reply;
}

function variablesFor(urls: Readonly<Record<Service, string>>, certificatePath: string): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: urls.secretsManager,
    AWS_ENDPOINT_URL_EVENTBRIDGE: urls.eventBridge,
    AWS_ENDPOINT_URL_SQS: urls.sqs,
    NODE_EXTRA_CA_CERTS: certificatePath,
    ...durationVariables,
    [environmentNames.apiKeySecretId]: 'api-key',
    [environmentNames.claimsBucket]: 'claims',
    [environmentNames.complyCubeBaseUrl]: `${urls.complyCube}/v1`,
    [environmentNames.deadLetterQueueUrl]: `${urls.sqs}/000000000000/dead-letters`,
    [environmentNames.eventBusName]: 'default',
    [environmentNames.photoBucket]: 'photos',
    // The vendor's pace would hide the function's own.
    [environmentNames.requestsPerSecond]: '1000000',
    [environmentNames.uploadQueueUrl]: `${urls.sqs}/000000000000/uploads`,
  };
}
