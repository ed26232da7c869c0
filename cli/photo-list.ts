import { ListObjectVersionsCommand, type ObjectVersion, type S3Client } from '@aws-sdk/client-s3';
import type { PhotoLocation } from '../lambda/object-events';
import { isWithin, type Period } from './period';

/** A version of a photo object, as S3 lists it. */
export interface ListedPhoto {
  readonly location: PhotoLocation;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly putAtMs: number;
  /** Whether a reader of the key gets this version. */
  readonly isCurrent: boolean;
}

/** Which photo objects to list. */
export interface PhotoScope {
  readonly bucket: string;
  /** Of the keys; empty: all. */
  readonly prefix: string;
  readonly period: Period;
  /** The key to go on after; undefined: from the start. */
  readonly startAfter?: string | undefined;
  /** Whether every version is listed, or just the current one of each object. */
  readonly hasEveryVersion: boolean;
}

/**
 * Lists photo objects in the order of their keys, a page of up to 1,000 at a time: a bucket of any size in the memory of a page.
 *
 * ListObjectVersions, because ListObjectsV2 names no versions, and a message has to pin one. Deleted objects are left out.
 */
export async function* listPhotos(s3: S3Client, scope: PhotoScope): AsyncGenerator<readonly ListedPhoto[]> {
  const { bucket, prefix, startAfter } = scope;
  let marker: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {
    ...(startAfter !== undefined && { KeyMarker: startAfter }),
  };
  for (;;) {
    const page = await s3.send(
      // XML has no way to write some of the characters that a key may hold: they come encoded.
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...marker }),
    );
    yield (page.Versions ?? []).map((version) => describe(bucket, version)).filter((photo) => isInScope(photo, scope));
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return;
    const KeyMarker = decodeKey(page.NextKeyMarker);
    const { NextVersionIdMarker } = page;
    marker = NextVersionIdMarker === undefined ? { KeyMarker } : { KeyMarker, VersionIdMarker: NextVersionIdMarker };
  }
}

function isInScope({ putAtMs, isCurrent }: ListedPhoto, { period, hasEveryVersion }: PhotoScope): boolean {
  return (hasEveryVersion || isCurrent) && isWithin(putAtMs, period);
}

function describe(bucket: string, { Key = '', VersionId, ETag = '', ...more }: ObjectVersion): ListedPhoto {
  const putAtMs = more.LastModified?.getTime() ?? 0;
  return {
    location: {
      bucket,
      key: decodeKey(Key),
      // What was put before the bucket had versions has this one, which events leave out.
      versionId: VersionId === 'null' ? undefined : VersionId,
      eTag: ETag.replaceAll('"', ''),
      isCopy: false,
      eventTime: new Date(putAtMs).toISOString(),
    },
    bytes: more.Size ?? 0,
    putAtMs,
    isCurrent: more.IsLatest === true,
  };
}

/** S3's lists encode keys as a query would be, with `+` for a space (S3 API reference, `EncodingType`). */
function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
