import type { S3Client } from '@aws-sdk/client-s3';
import { createUploadGrant } from '../../app/upload-grants';
import type { ComplyCubeChoice } from '../start/choose-complycube';
import type { LocalPipeline, PipelineOptions } from '../pipeline/pipeline';
import { refusedClientId, sampleClientId, unknownClientId } from '../start/sample-set';
import { FaultSwitchboard } from './fault-switches';
import { startPageServer } from './page-server';
import { Travels } from './photo-tracker';

/** Clients of the stand-in, one for each way that ComplyCube can answer. */
const standInClients = [
  { id: sampleClientId, name: 'A client that ComplyCube knows' },
  { id: refusedClientId, name: 'A client whose photos ComplyCube refuses' },
  { id: unknownClientId, name: 'A client that ComplyCube does not know' },
];

/** The page, from before its pipeline starts until after that has ended. */
export interface ServedPage {
  readonly url: string;
  /** By which the pipeline lets the page upload, and see what happens. */
  readonly pipelineOptions: Pick<PipelineOptions, 'uploadOrigins' | 's3' | 'onNotification'>;
  /** Takes each line that the function logs. */
  readonly logLine: (line: string) => void;
  /** Shows the page, now that its pipeline runs. */
  open(pipeline: Pick<LocalPipeline, 's3' | 'deployment'>, s3: S3Client): void;
  close(): Promise<void>;
}

/** Starts what serves the page of a pipeline that is about to start. */
export async function servePage({ name, waitSpeed, standIn }: ComplyCubeChoice): Promise<ServedPage> {
  const travels = new Travels();
  standIn?.onLivePhoto(travels.livePhoto);
  const server = await startPageServer({
    sendsTo: name,
    isReal: standIn === undefined,
    waitSpeed,
    clients: standIn === undefined ? [] : standInClients,
    faults: standIn && new FaultSwitchboard(standIn),
    travels,
  });
  return {
    url: server.url,
    pipelineOptions: {
      uploadOrigins: [server.url],
      s3: { faultAfter: travels.s3Request },
      onNotification: travels.notification,
    },
    logLine: travels.logLine,
    open: ({ s3: { url: s3Url }, deployment: { photoBucket: bucket } }, s3) => {
      server.open({ s3Url, grant: (wanted) => createUploadGrant({ s3, bucket, ...wanted }) });
    },
    close: () => server.close(),
  };
}
