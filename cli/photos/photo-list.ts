import { ListObjectVersionsCommand, type ObjectVersion, type S3Client } from '@aws-sdk/client-s3';
import type { PhotoLocation } from '../../contract/object-events';
import { isWithin, type Period } from './period';
import { decodeObjectKey } from '../../contract/object-key';

/** A version of a photo object, as S3 lists it. */
export interface ListedPhoto {
  readonly location: PhotoLocation;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly putAtMs: number;
  /** Whether this is the current version of its key. */
  readonly isCurrent: boolean;
  /** Why the function can't process the object; undefined if it can. */
  readonly unprocessable: 'folder' | 'archived' | undefined;
}

/** Which photo objects to list. */
export interface PhotoScope {
  readonly bucket: string;
  /** Prefixes of keys, in order; none begins with another. The empty text is the prefix of every key. */
  readonly prefixes: readonly string[];
  readonly period: Period;
  /** The key after which to continue; undefined: from the start. */
  readonly startAfter?: string | undefined;
  /** Whether every version is listed, or only the current one of each object. */
  readonly hasEveryVersion: boolean;
}

/**
 * Lists photo objects in the order of their keys, in pages of up to 1,000. Only one page is in memory, whatever the
 * size of the bucket.
 *
 * It calls ListObjectVersions, because ListObjectsV2 returns no version IDs, and a message needs one. Deleted objects are omitted.
 */
export async function* listPhotos(s3: S3Client, scope: PhotoScope): AsyncGenerator<readonly ListedPhoto[]> {
  for (const prefix of scope.prefixes) yield* listPrefix(s3, prefix, scope);
}

/** S3 returns no keys if it has no key with the prefix after `startAfter`. */
async function* listPrefix(s3: S3Client, prefix: string, scope: PhotoScope): AsyncGenerator<readonly ListedPhoto[]> {
  const { bucket, startAfter } = scope;
  let marker: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {
    ...(startAfter !== undefined && { KeyMarker: startAfter }),
  };
  for (;;) {
    const page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        // XML can't represent all characters of a key, so S3 URL-encodes them.
        EncodingType: 'url',
        OptionalObjectAttributes: ['RestoreStatus'],
        ...marker,
      }),
    );
    yield (page.Versions ?? []).map((version) => describe(bucket, version)).filter((photo) => isInScope(photo, scope));
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return;
    const KeyMarker = decodeObjectKey(page.NextKeyMarker);
    const { NextVersionIdMarker } = page;
    marker = NextVersionIdMarker === undefined ? { KeyMarker } : { KeyMarker, VersionIdMarker: NextVersionIdMarker };
  }
}

function isInScope({ putAtMs, isCurrent }: ListedPhoto, { period, hasEveryVersion }: PhotoScope): boolean {
  return (hasEveryVersion || isCurrent) && isWithin(putAtMs, period);
}

function describe(bucket: string, { Key = '', VersionId, ETag = '', ...more }: ObjectVersion): ListedPhoto {
  const key = decodeObjectKey(Key);
  const putAtMs = more.LastModified?.getTime() ?? 0;
  return {
    location: {
      bucket,
      key,
      // Objects from before versioning have the version `null`, which events omit.
      versionId: VersionId === 'null' ? undefined : VersionId,
      eTag: ETag.replaceAll('"', ''),
      isCopy: false,
      eventTime: new Date(putAtMs).toISOString(),
    },
    bytes: more.Size ?? 0,
    putAtMs,
    isCurrent: more.IsLatest === true,
    unprocessable: isFolderMarker(key, more.Size) ? 'folder' : isArchived(more) ? 'archived' : undefined,
  };
}

/** The S3 console creates such an object for "Create folder". */
function isFolderMarker(key: string, bytes: number | undefined): boolean {
  return bytes === 0 && key.endsWith('/');
}

/**
 * Whether S3 can't read the object: it is in an archive storage class and not restored, or being restored. Of objects in
 * INTELLIGENT_TIERING the list doesn't say whether they are archived: those are sent, and the function reports them.
 */
function isArchived({ StorageClass, RestoreStatus }: Pick<ObjectVersion, 'StorageClass' | 'RestoreStatus'>): boolean {
  if (RestoreStatus?.IsRestoreInProgress === true) return true;
  const isRestored = RestoreStatus?.RestoreExpiryDate !== undefined;
  return !isRestored && archiveClasses.has(StorageClass ?? '');
}

/** Not GLACIER_IR, which S3 reads at once (S3 user guide, "Understanding and managing Amazon S3 storage classes"). */
const archiveClasses: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);
