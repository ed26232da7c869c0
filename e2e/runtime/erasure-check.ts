import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { claimKey } from '../../contract/claim-key';
import { environmentNames } from '../../contract/environment';
import { erasureMessage, type ErasureRequest } from '../../contract/erasure-message';
import { erasureRecordKey } from '../../contract/erasure-record';
import type { JsonObject } from '../../contract/json-object';
import type { ObjectVersion } from '../../contract/object-version';
import { tagNames } from '../../contract/outcome-tags';
import { metadataNames } from '../../contract/photo-rules';
import { readTags } from '../../local/start/photo-run';
import { sampleClientId } from '../../local/start/sample-set';
import { makeJpeg } from 'sample-photos/jpeg';
import { expectEqual } from './expectations';
import type { Invoke, RuntimeUnderTest } from './runtime-under-test';

/** Uploads a photo, requests its erasure as an operator, and looks at ComplyCube, at the tags and for the evidence. */
export async function eraseUploadedPhoto(runtime: RuntimeUnderTest, invoke: Invoke): Promise<string> {
  const { photoBucket: bucket } = runtime.pipeline.deployment;
  const key = 'portraits/erased.jpg';
  const bytes = makeJpeg({ bytes: 60_000, seed: 9 });
  const photo = { key, bytes, metadata: { [metadataNames.clientId]: sampleClientId }, expected: 'uploaded' };
  const [uploaded] = await runtime.send([photo], invoke);
  const livePhotoId = uploaded?.livePhotoId ?? 'without a live photo';
  expectEqual(await runtime.statusOfLivePhoto(livePhotoId), 200, 'the status of the live photo before the erasure');

  const { VersionId: versionId, ETag = '' } = await runtime.s3.send(
    new HeadObjectCommand({ Bucket: bucket, Key: key }),
  );
  const request: ErasureRequest = {
    ...{ bucket, key, versionId, eTag: ETag.replaceAll('"', '') },
    requestId: 'runtime-check',
    requestedAt: new Date().toISOString(),
  };
  await endLease(request, runtime);
  await runtime.deliver(erasureMessage(request), invoke);

  expectEqual(await runtime.statusOfLivePhoto(livePhotoId), 404, 'the status of the live photo after the erasure');
  const tags = await readTags(key, versionId, { s3: runtime.s3, bucket });
  expectEqual(Object.fromEntries(tags), { [tagNames.status]: 'erased' }, 'the tags');
  const { outcome, requestedBy } = await readClaimsObject(erasureRecordKey(request), runtime);
  expectEqual(outcome, 'deleted', 'the outcome in the evidence');
  return `live photo deleted, photo tagged erased, evidence names ${String(requestedBy)}`;
}

/** An erasure is retried while the upload's claim has a lease, which lasts more than two minutes. */
async function endLease(version: ObjectVersion, runtime: RuntimeUnderTest): Promise<void> {
  const key = claimKey(version);
  const ended = { ...(await readClaimsObject(key, runtime)), leaseUntil: new Date(0).toISOString() };
  await runtime.s3.send(new PutObjectCommand({ ...claimsObject(key, runtime), Body: JSON.stringify(ended) }));
}

async function readClaimsObject(key: string, runtime: RuntimeUnderTest): Promise<JsonObject> {
  const { Body } = await runtime.s3.send(new GetObjectCommand(claimsObject(key, runtime)));
  return JSON.parse((await Body?.transformToString()) ?? '') as JsonObject;
}

function claimsObject(key: string, { pipeline }: RuntimeUnderTest): { Bucket: string | undefined; Key: string } {
  return { Bucket: pipeline.function.variables[environmentNames.claimsBucket], Key: key };
}
