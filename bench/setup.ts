import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationVariables, environmentNames } from '../contract/environment';
import { metadataNames } from '../contract/photo-rules';
import { bundleContestants, bundlePrograms, type Contestant, type Programs } from './contestants';
import { findNode, installPeers } from './peers';
import type { Distances, Interval, Service } from './services/network';
import type { ServicesReply, ServicesRequest } from './services/server';

/** What a measurement needs: the contestants' bundles, and the services that they call. */
export interface Setup {
  readonly nodePath: string;
  readonly nodeVersion: string;
  readonly programs: Programs;
  readonly bundles: Readonly<Record<Contestant, string>>;
  /** The contestants' environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sets the services' latency and bandwidth. Omitted services have no latency. */
  setDistances(distances: Distances): Promise<void>;
  /** When requests were in flight since the last call. */
  takeIntervals(): Promise<readonly Interval[]>;
  close(): Promise<void>;
}

/** Installs the compared packages, bundles the contestants, and starts the services. */
export async function startSetup(note: (text: string) => void): Promise<Setup> {
  installPeers(note);
  const programs = bundlePrograms();
  const bundles = bundleContestants();
  const nodePath = findNode();
  const services = fork(programs.services, { execPath: nodePath, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const { urls, certificate } = await nextReply(services);
  if (urls === undefined || certificate === undefined) throw new Error('The local services did not start');
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-bench-'));
  const certificatePath = join(folder, 'certificate.pem');
  writeFileSync(certificatePath, certificate);

  const request = async (message: ServicesRequest): Promise<ServicesReply> => {
    const reply = nextReply(services);
    services.send(message);
    return reply;
  };
  return {
    nodePath,
    nodeVersion: spawnSync(nodePath, ['--version'], { encoding: 'utf8' }).stdout.trim(),
    programs,
    bundles,
    variables: variablesFor(urls, certificatePath),
    setDistances: async (distances) => {
      await request({ setDistances: distances });
    },
    takeIntervals: async () => (await request({ takeIntervals: true })).intervals ?? [],
    close: async () => {
      services.kill();
      await once(services, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function nextReply(services: ChildProcess): Promise<ServicesReply> {
  const [reply] = (await once(services, 'message')) as [ServicesReply];
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
    [environmentNames.clientIdMetadata]: metadataNames.clientId,
    [environmentNames.complyCubeBaseUrl]: `${urls.complyCube}/v1`,
    [environmentNames.deadLetterQueueUrl]: `${urls.sqs}/000000000000/dead-letters`,
    [environmentNames.eventBusName]: 'default',
    [environmentNames.photoBucket]: 'photos',
    // A lower limit would measure the pace in place of the function.
    [environmentNames.requestsPerSecond]: '1000000',
    [environmentNames.uploadQueueUrl]: `${urls.sqs}/000000000000/uploads`,
  };
}
