import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { setTimeout } from 'node:timers/promises';
import { tombstoneKey } from '../../contract/erasure-record';
import { canBeOverwritten, type ObjectVersion } from '../../contract/object-version';

/** Dependencies of {@link deleteErasedVersions}. */
export interface DeletionDeps {
  readonly s3: S3Client;
  readonly claimsBucket: string;
  readonly signal: AbortSignal;
  /** Called with the number of versions that are not erased yet, before each wait. */
  readonly onWait: (waiting: number) => void;
  /** Waits before the next look. Default: 5 seconds. */
  readonly sleep?: (signal: AbortSignal) => Promise<void>;
  /** How often to look before giving up. Default: 60 times, so 5 minutes. */
  readonly maxLooks?: number;
}

/**
 * Deletes versions from S3 as soon as they are erased. Only the function can write tombstones, so they prove it.
 * @returns the versions that are not erased yet, and were not deleted.
 */
export async function deleteErasedVersions(
  versions: readonly ObjectVersion[],
  { s3, claimsBucket, signal, onWait, sleep = sleepForSeconds, maxLooks = 60 }: DeletionDeps,
): Promise<readonly ObjectVersion[]> {
  let waiting = versions;
  for (let look = 1; waiting.length > 0; look++) {
    const left: ObjectVersion[] = [];
    for (const version of waiting) {
      if (signal.aborted || !(await hasTombstone(version, s3, claimsBucket))) left.push(version);
      else await deleteVersion(version, s3);
    }
    waiting = left;
    if (waiting.length === 0 || look >= maxLooks || signal.aborted) break;
    onWait(waiting.length);
    await sleep(signal);
  }
  return waiting;
}

async function sleepForSeconds(signal: AbortSignal): Promise<void> {
  await setTimeout(5_000, undefined, { signal }).catch(() => undefined);
}

async function hasTombstone(version: ObjectVersion, s3: S3Client, claimsBucket: string): Promise<boolean> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: claimsBucket, Key: tombstoneKey(version) }));
    await Body?.transformToString(); // frees the connection
    return true;
  } catch (error) {
    if (error instanceof NoSuchKey) return false;
    throw error;
  }
}

/** Names the version, so that S3 deletes it and does not only add a delete marker. */
async function deleteVersion(version: ObjectVersion, s3: S3Client): Promise<void> {
  const { bucket, key, versionId = 'null', eTag } = version;
  await s3.send(
    new DeleteObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
      // Another photo may have replaced a version without an ID.
      ...(canBeOverwritten(version) && { IfMatch: `"${eTag}"` }),
    }),
  );
}
