/** What a developer would typically write: middy, the AWS SDK, axios and zod, one step after another. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import middy from '@middy/core';
import axios from 'axios';
import { z } from 'zod';

const Environment = z.object({ COMPLYCUBE_BASE_URL: z.url(), COMPLYCUBE_API_KEY_SECRET_ID: z.string().min(1) });
const Metadata = z.object({ 'client-id': z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const Notification = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), versionId: z.string().optional() }),
      }),
    }),
  ),
});
const LivePhoto = z.object({ id: z.string() });

const environment = Environment.parse(process.env);
const s3 = new S3Client({});
const secretsManager = new SecretsManagerClient({});
let apiKey;

async function readApiKey() {
  apiKey ??= (
    await secretsManager.send(new GetSecretValueCommand({ SecretId: environment.COMPLYCUBE_API_KEY_SECRET_ID }))
  ).SecretString;
  return apiKey;
}

async function processPhoto({ bucket, object }) {
  const location = {
    Bucket: bucket.name,
    Key: decodeURIComponent(object.key.replaceAll('+', ' ')),
    VersionId: object.versionId,
  };
  const { ContentLength, Metadata: metadata } = await s3.send(new HeadObjectCommand(location));
  const { 'client-id': clientId } = Metadata.parse(metadata);
  if (ContentLength < 34_000 || ContentLength > 4_194_304) throw new Error('The photo has a wrong size');
  const { Body } = await s3.send(new GetObjectCommand(location));
  const data = await Body.transformToString('base64');
  const response = await axios.post(
    `${environment.COMPLYCUBE_BASE_URL}/livePhotos`,
    { clientId, data },
    { headers: { Authorization: await readApiKey() }, timeout: 25_000 },
  );
  const { id } = LivePhoto.parse(response.data);
  const { TagSet } = await s3.send(new GetObjectTaggingCommand(location));
  const Tagging = { TagSet: [...TagSet, { Key: 'complycube-live-photo-id', Value: id }] };
  await s3.send(new PutObjectTaggingCommand({ ...location, Tagging }));
  console.log(JSON.stringify({ message: 'uploaded', key: location.Key, id }));
}

async function processMessage({ body }) {
  for (const record of Notification.parse(JSON.parse(body)).Records) await processPhoto(record.s3);
}

export const handler = middy().handler(async ({ Records }) => {
  const settled = await Promise.allSettled(Records.map(processMessage));
  const failed = Records.filter((_, at) => settled[at].status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
});
