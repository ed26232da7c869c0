/**
 * The simplest code: HEAD, GET, POST, GETTAG and PUTTAG one after another, with the default SDK clients, `JSON.stringify` of the whole
 * body, and `fetch`.
 */
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readMessage, type PhotoLocation } from '../../contract/object-events';

const s3 = new S3Client({});
const secretsManager = new SecretsManagerClient({});
const { COMPLYCUBE_BASE_URL: baseUrl = '', COMPLYCUBE_API_KEY_SECRET_ID: SecretId } = process.env;
let apiKey: string | undefined;

async function processPhoto({ bucket, key, versionId }: PhotoLocation): Promise<void> {
  const location = { Bucket: bucket, Key: key, VersionId: versionId };
  const { Metadata } = await s3.send(new HeadObjectCommand(location));
  const { Body } = await s3.send(new GetObjectCommand(location));
  const bytes = await Body?.transformToByteArray();
  apiKey ??= (await secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
  const response = await fetch(`${baseUrl}/livePhotos`, {
    method: 'POST',
    headers: { authorization: apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      clientId: Metadata?.['client-id'],
      data: Buffer.from(bytes ?? new Uint8Array()).toString('base64'),
    }),
  });
  const { id } = (await response.json()) as { id: string };
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(location));
  const Tagging = { TagSet: [...TagSet, { Key: 'complycube-live-photo-id', Value: id }] };
  await s3.send(new PutObjectTaggingCommand({ ...location, Tagging }));
}

/** Processes the photos of a batch in parallel. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  await Promise.all(Records.flatMap(({ body }) => readMessage(body).photos).map(processPhoto));
  return { batchItemFailures: [] };
}
