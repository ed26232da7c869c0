import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { claimKey } from '../../contract/claim-key';
import { environmentNames } from '../../contract/environment';
import { erasureMessage, type ErasureRequest } from '../../contract/erasure-message';
import { erasureRecordKey } from '../../contract/erasure-record';
import type { JsonObject } from '../../contract/json-object';
import type { ObjectVersion } from '../../contract/object-version';
import { tagNames } from '../../contract/outcome-tags';
import { readTags } from '../../local/start/photo-run';
import { expectEqual } from './expectations';
import type { Invoke } from './host';
import type { RuntimeUnderTest } from './runtime-under-test';
import type { Servers } from './servers';
import { uniquePhoto } from './unique-photo';

/** Uploads a photo, requests its erasure as an operator, and checks the live photo, the tags and the evidence. */
export async function eraseUploadedPhoto(runtime: RuntimeUnderTest, invoke: Invoke): Promise<string> {
  const { servers } = runtime;
  const { s3, pipeline, complyCube } = servers;
  const { photoBucket: bucket } = pipeline.deployment;
  const key = 'portraits/erased.jpg';
  const [uploaded] = await runtime.send([uniquePhoto(key)], invoke);
  const exists = (): boolean => complyCube.standIn.livePhotos.some(({ id }) => id === uploaded?.livePhotoId);
  expectEqual(exists(), true, 'the existence of the live photo before the erasure');

  const { VersionId: versionId, ETag = '' } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const request: ErasureRequest = {
    ...{ bucket, key, versionId, eTag: ETag.replaceAll('"', '') },
    requestId: 'runtime-check',
    requestedAt: new Date().toISOString(),
  };
  await endLease(request, servers);
  await runtime.deliver(erasureMessage(request), invoke);

  expectEqual(exists(), false, 'the existence of the live photo after the erasure');
  const tags = await readTags(key, versionId, { s3, bucket });
  expectEqual(Object.fromEntries(tags), { [tagNames.status]: 'erased' }, 'the tags');
  const { outcome, requestedBy } = await readClaimsObject(erasureRecordKey(request), servers);
  expectEqual(outcome, 'deleted', 'the outcome in the evidence');
  return `live photo deleted, photo tagged erased, evidence names ${String(requestedBy)}`;
}

/** An erasure is retried while the upload's claim has a lease, which lasts more than a minute. */
async function endLease(version: ObjectVersion, servers: Servers): Promise<void> {
  const key = claimKey(version);
  const ended = { ...(await readClaimsObject(key, servers)), leaseUntil: new Date(0).toISOString() };
  await servers.s3.send(new PutObjectCommand({ ...claimsObject(key, servers), Body: JSON.stringify(ended) }));
}

async function readClaimsObject(key: string, servers: Servers): Promise<JsonObject> {
  const { Body } = await servers.s3.send(new GetObjectCommand(claimsObject(key, servers)));
  return JSON.parse((await Body?.transformToString()) ?? '') as JsonObject;
}

function claimsObject(key: string, { pipeline }: Servers): { Bucket: string | undefined; Key: string } {
  return { Bucket: pipeline.function.variables[environmentNames.claimsBucket], Key: key };
}
