import { invalidArgument } from '../errors';
import { type Operation, type S3Context, xmlAnswer } from '../operation';
import { refuseUnsupportedQuery } from '../requests/unsupported';
import { renderElement } from '../requests/xml';
import { type Bucket, type KeyVersion, sequenceOf } from './bucket';
import { describeObject } from './list-objects';
import { keysAfter, parseListParameters, takePage } from './listing';

/** ListObjectVersions, without common prefixes. */
export const listObjectVersions: Operation = (call, s3) => {
  refuseUnsupportedQuery(call, 'delimiter');
  const bucket = s3.buckets.get(call.bucketName);
  const { prefix, maxKeys, isUrlEncoded, encode } = parseListParameters(call.query);
  const keyMarker = call.query.get('key-marker') ?? '';
  const versionIdMarker = call.query.get('version-id-marker') ?? '';
  if (keyMarker === '' && versionIdMarker !== '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument('version-id-marker', versionIdMarker, message);
  }

  function* walk(): Generator<ListedVersion> {
    if (versionIdMarker !== '' && keyMarker.startsWith(prefix)) {
      yield* versionsAfter(bucket, keyMarker, versionIdMarker);
    }
    for (const key of keysAfter(bucket.keysInOrder(), prefix, keyMarker)) yield* versionsOf(bucket, key);
  }
  const { items, isTruncated } = takePage(walk(), maxKeys);
  const last = isTruncated ? items.at(-1) : undefined;
  const head = Object.entries({
    Name: bucket.name,
    Prefix: encode(prefix),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionIdMarker,
    NextKeyMarker: last === undefined ? undefined : encode(last.key),
    NextVersionIdMarker: last?.version.versionId,
    MaxKeys: maxKeys,
    EncodingType: isUrlEncoded ? 'url' : undefined,
    IsTruncated: isTruncated,
  }).map(([name, content]) => renderElement(name, content));
  // Versions and delete markers must stay in one order, so they are not grouped by element name.
  const rows = items.map((item) => renderVersion({ ...item, key: encode(item.key) }, s3));
  return xmlAnswer('ListVersionsResult', [...head, ...rows].join(''));
};

interface ListedVersion {
  readonly key: string;
  readonly version: KeyVersion;
  readonly isLatest: boolean;
}

/** The versions of a key after the marker. If the marker's version was removed since, its sequence gives the position. */
function versionsAfter(bucket: Bucket, key: string, versionIdMarker: string): readonly ListedVersion[] {
  const items = versionsOf(bucket, key);
  const marker = items.findIndex(({ version }) => version.versionId === versionIdMarker);
  if (marker >= 0) return items.slice(marker + 1);
  return items.filter(({ version }) => version.sequence < sequenceOf(versionIdMarker));
}

function versionsOf(bucket: Bucket, key: string): readonly ListedVersion[] {
  return bucket.versionsOf(key).map((version, index) => ({ key, version, isLatest: index === 0 }));
}

function renderVersion({ key, version, isLatest }: ListedVersion, s3: S3Context): string {
  const identity = { Key: key, VersionId: version.versionId, IsLatest: isLatest };
  const owner = { Owner: { ID: s3.ownerId } };
  if (version.isDeleteMarker) {
    return renderElement('DeleteMarker', { ...identity, LastModified: version.lastModified.toISOString(), ...owner });
  }
  return renderElement('Version', { ...identity, ...describeObject(version), ...owner });
}
