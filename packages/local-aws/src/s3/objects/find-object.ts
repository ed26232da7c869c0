import type { Bucket, DeleteMarker, ObjectVersion } from '../buckets/bucket';
import { invalidArgument, S3Error } from '../errors';
import type { S3Call } from '../call';

/**
 * Finds the object version that a call names, by default the current one.
 * Source: S3 user guide, "Working with delete markers".
 * @throws S3Error NoSuchKey, with `x-amz-delete-marker` if the current version is a delete marker; NoSuchVersion;
 * MethodNotAllowed if the named version is a delete marker; InvalidArgument for a malformed version ID.
 */
export function findObject(call: S3Call, bucket: Bucket): ObjectVersion {
  const versionId = versionIdOf(call);
  const version = versionId === undefined ? bucket.versionsOf(call.key)[0] : bucket.versionById(call.key, versionId);
  if (version?.isDeleteMarker === false) return version;
  if (versionId === undefined) {
    const headers = version === undefined ? {} : markerHeaders(version);
    throw new S3Error('NoSuchKey', { details: { Key: call.key }, headers });
  }
  if (version !== undefined) throw deleteMarkerRefusal(call, version);
  throw new S3Error('NoSuchVersion', { details: { Key: call.key, VersionId: versionId } });
}

/** As {@link findObject}, for operations that treat a current delete marker like a named one. */
export function findTaggedObject(call: S3Call, bucket: Bucket): ObjectVersion {
  const [current] = bucket.versionsOf(call.key);
  if (!call.query.has('versionId') && current?.isDeleteMarker === true) throw deleteMarkerRefusal(call, current);
  return findObject(call, bucket);
}

/** The `versionId` of a call's query. */
export function versionIdOf(call: S3Call): string | undefined {
  const versionId = call.query.get('versionId') ?? undefined;
  if (versionId === '') throw invalidArgument('versionId', '', 'Version id cannot be the empty string');
  return versionId;
}

/** The header with the version's ID, in a bucket with versioning. */
export function versionHeaders(bucket: Bucket, version: ObjectVersion): Readonly<Record<string, string>> {
  return bucket.isVersioned ? { 'x-amz-version-id': version.versionId } : {};
}

function markerHeaders(marker: DeleteMarker): Readonly<Record<string, string>> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
}

function deleteMarkerRefusal(call: S3Call, marker: DeleteMarker): S3Error {
  return new S3Error('MethodNotAllowed', {
    details: { Method: call.method, ResourceType: 'DeleteMarker' },
    headers: { ...markerHeaders(marker), allow: 'DELETE', 'last-modified': marker.lastModified.toUTCString() },
  });
}
