import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { ApiKey } from './api-key';
import { batchResponse } from './batch-response';
import { ComplyCube } from './complycube';
import { readEnvironment } from './environment';
import { createLog } from './log';
import { Pace } from './pace';
import { PhotoStore } from './photo-store';
import { type BatchEdges, processBatch } from './process-batch';
import { UploadQueue } from './upload-queue';

const environment = readEnvironment(process.env);
const edges: BatchEdges = {
  // Photos are checked end to end already: their length, their JPEG or PNG structure. S3's default checksum, CRC64NVME,
  // would cost more than all of the rest of a photo's work.
  photos: new PhotoStore(new S3Client({ responseChecksumValidation: 'WHEN_REQUIRED' })),
  apiKey: new ApiKey(new SecretsManagerClient(), environment.apiKeySecretId),
  complyCube: new ComplyCube(environment.complyCubeBaseUrl, new Pace(environment.requestsPerSecond)),
  performLivenessCheck: environment.performLivenessCheck,
  queue: new UploadQueue(new SQSClient(), environment.uploadQueueUrl),
  log: createLog(),
};

/** The Lambda function: takes a batch of messages from the upload queue, answers which of them are to stay in it. */
export const handler = middy<SQSEvent>()
  .use(batchResponse())
  .handler((event, context) => processBatch(event, edges.log.with({ requestId: context.awsRequestId }), edges));
