import type { S3Client } from '@aws-sdk/client-s3';
import { createUploadGrant } from '../../app/upload-grants';
import { environmentNames } from '../../contract/environment';
import { metadataNames } from '../../contract/photo-rules';
import type { ComplyCubeChoice } from '../start/choose-complycube';
import type { LocalPipeline, PipelineOptions } from '../pipeline/pipeline';
import { refusedClientId, sampleClientId, unknownClientId } from '../start/sample-set';
import { FaultSwitchSet } from './fault-switches';
import { startPageServer } from './page-server';
import { PhotoTracker } from './photo-tracker';

/** Clients of the stand-in, one for each kind of answer. */
const standInClients = [
  { id: sampleClientId, name: 'A client that ComplyCube knows' },
  { id: refusedClientId, name: 'A client whose photos ComplyCube refuses' },
  { id: unknownClientId, name: 'A client that ComplyCube does not know' },
];

/** The web page's server. It starts before the pipeline and ends after it. */
export interface ServedPage {
  readonly url: string;
  /** Options that let the page upload photos and observe the pipeline. */
  readonly pipelineOptions: Pick<PipelineOptions, 'settings' | 's3' | 'onNotification'>;
  /** Must be called with each line that the function logs. */
  readonly logLine: (line: string) => void;
  /** Starts to serve the page. Call when the pipeline runs. */
  open(pipeline: Pick<LocalPipeline, 's3' | 'deployment'>, s3: S3Client): void;
  close(): Promise<void>;
}

/**
 * Starts the page's server. Call before the pipeline starts.
 * @param origins of other pages that may get grants and upload photos.
 */
export async function servePage(
  { name, waitSpeed, standIn }: ComplyCubeChoice,
  origins: readonly string[] = [],
): Promise<ServedPage> {
  const tracker = new PhotoTracker();
  standIn?.onLivePhoto(tracker.livePhoto);
  const server = await startPageServer({
    sendsTo: name,
    isReal: standIn === undefined,
    waitSpeed,
    clients: standIn === undefined ? [] : standInClients,
    faults: standIn && new FaultSwitchSet(standIn),
    tracker,
    origins,
  });
  return {
    url: server.url,
    pipelineOptions: {
      settings: { uploadOrigins: [server.url, ...origins].join(',') },
      s3: { faultAfter: tracker.s3Request },
      onNotification: tracker.notification,
    },
    logLine: tracker.logLine,
    open: ({ s3: { url: s3Url }, deployment: { photoBucket: bucket, function: fn } }, s3) => {
      const clientIdMetadata = fn.variables[environmentNames.clientIdMetadata] ?? metadataNames.clientId;
      server.open({ s3Url, grant: (wanted) => createUploadGrant({ s3, bucket, clientIdMetadata, ...wanted }) });
    },
    close: () => server.close(),
  };
}
