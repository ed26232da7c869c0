import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inquiryAnswer } from './answer-inquiry';
import { AcceptedUploads } from './aws/accepted-uploads';
import { ApiKey } from './aws/api-key';
import { Claims } from './aws/claims';
import { ClientErasures } from './aws/client-erasures';
import { systemClock } from './clock';
import { ComplyCube } from './complycube/complycube';
import { createHandler } from './create-handler';
import { readEnvironment } from './read-environment';
import { createLog } from './observe/log';
import { ErasureRecords } from './aws/erasure-records';
import { OutcomeEvents } from './aws/outcome-events';
import { Pace } from './complycube/pace';
import { PhotoStore } from './aws/photo-store';
import { UploadQueue } from './aws/upload-queue';

// The composition root: creates every client and dependency of the deployed function.
const environment = readEnvironment(process.env);

/** The SDK has no time limits by default. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  socketTimeout: 5_000,
  throwOnRequestTimeout: true,
};
const s3 = new S3Client({
  requestHandler,
  // The function checks each photo's length and its JPEG or PNG structure. S3's default checksum, CRC64NVME, would cost almost as
  // much CPU time as all other work on a photo.
  responseChecksumValidation: 'WHEN_REQUIRED',
});

const apiKey = new ApiKey(new SecretsManagerClient({ requestHandler }), environment.apiKeySecretId);
// Starts during Lambda's init phase, which has full CPU. If it fails, the first photo reads the key again.
apiKey.read().catch(() => undefined);
const pace = new Pace(environment.requestsPerSecond, systemClock);
const complyCube = new ComplyCube(environment.complyCubeBaseUrl, pace, environment.callTimeoutMs);

/** The Lambda handler: processes batches of messages, and answers inquiries of the command line. */
export const handler = createHandler({
  photos: new PhotoStore(s3),
  claims: new Claims(s3, environment.claimsBucket, environment, systemClock),
  acceptedUploads: new AcceptedUploads(s3, environment.claimsBucket, systemClock),
  apiKey,
  complyCube,
  pace,
  clientErasures: new ClientErasures(s3, environment.claimsBucket),
  erasureRecords: new ErasureRecords(s3, environment.claimsBucket),
  events: new OutcomeEvents(new EventBridgeClient({ requestHandler }), environment.eventBusName),
  queue: new UploadQueue(
    new SQSClient({ requestHandler }),
    { upload: environment.uploadQueueUrl, deadLetter: environment.deadLetterQueueUrl },
    systemClock,
  ),
  metadata: environment,
  keyPrefixes: environment.keyPrefixes,
  areOperatorsNamed: environment.areOperatorsNamed,
  secondLookAfterMs: environment.secondLookAfterMs,
  photoBucket: environment.photoBucket,
  rejection: environment,
  callTimeoutMs: environment.callTimeoutMs,
  photoDeadlineMs: environment.photoDeadlineMs,
  log: createLog(),
  clock: systemClock,
  functionName: environment.functionName,
}).use(inquiryAnswer({ apiKey, complyCube }));
