import { type Bucket, type KeyVersion, sequenceOf } from './bucket';
import { invalidArgument } from '../errors';
import { describeObject } from './list-objects';
import { parseListParameters } from './list-parameters';
import { commonPrefixOf, type ListScope, takePage, walkKeys } from './list-walk';
import { type Operation, type S3Context, xmlAnswer } from '../operation';
import { renderElement } from '../requests/xml';

/** ListObjectVersions. */
export const listObjectVersions: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const { prefix, delimiter, maxKeys, isUrlEncoded, encode } = parseListParameters(call.query);
  const keyMarker = call.query.get('key-marker') ?? '';
  const versionIdMarker = call.query.get('version-id-marker') ?? '';
  if (keyMarker === '' && versionIdMarker !== '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument('version-id-marker', versionIdMarker, message);
  }

  const walk = walkVersions(bucket, { prefix, delimiter, after: keyMarker }, versionIdMarker);
  const { items, isTruncated } = takePage(walk, maxKeys);
  const last = isTruncated ? items.at(-1) : undefined;
  const head = Object.entries({
    Name: bucket.name,
    Prefix: encode(prefix),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionIdMarker,
    NextKeyMarker: last === undefined ? undefined : encode(last.key),
    NextVersionIdMarker: last?.version?.versionId,
    MaxKeys: maxKeys,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: isUrlEncoded ? 'url' : undefined,
    IsTruncated: isTruncated,
  }).map(([name, content]) => renderElement(name, content));
  // Versions and delete markers stay in one order, which elements grouped by name would lose.
  const rows = items.map((item) => renderItem({ ...item, key: encode(item.key) }, s3));
  return xmlAnswer('ListVersionsResult', [...head, ...rows].join(''));
};

interface VersionItem {
  /** The key, or the common prefix when there is no version. */
  readonly key: string;
  readonly version?: KeyVersion;
  readonly isLatest?: boolean;
}

function* walkVersions(bucket: Bucket, scope: ListScope, versionIdMarker: string): Generator<VersionItem> {
  const isMarkerInList = scope.after.startsWith(scope.prefix) && commonPrefixOf(scope.after, scope) === undefined;
  if (versionIdMarker !== '' && isMarkerInList) yield* versionsBehind(bucket, scope.after, versionIdMarker);
  for (const { key, commonPrefix } of walkKeys(bucket.keysInOrder(), scope, () => true)) {
    if (key === undefined) yield { key: commonPrefix };
    else yield* itemsOf(bucket, key);
  }
}

/** The marker's version may have been removed since: what follows is then known by its sequence. */
function versionsBehind(bucket: Bucket, key: string, versionIdMarker: string): readonly VersionItem[] {
  const items = itemsOf(bucket, key);
  const marker = items.findIndex(({ version }) => version.versionId === versionIdMarker);
  if (marker >= 0) return items.slice(marker + 1);
  return items.filter(({ version }) => version.sequence < sequenceOf(versionIdMarker));
}

function itemsOf(bucket: Bucket, key: string): readonly Required<VersionItem>[] {
  return bucket.versionsOf(key).map((version, index) => ({ key, version, isLatest: index === 0 }));
}

function renderItem({ key, version, isLatest }: VersionItem, s3: S3Context): string {
  if (version === undefined) return renderElement('CommonPrefixes', { Prefix: key });
  const identity = { Key: key, VersionId: version.versionId, IsLatest: isLatest };
  const owner = { Owner: { ID: s3.ownerId } };
  if (version.isDeleteMarker) {
    return renderElement('DeleteMarker', { ...identity, LastModified: version.lastModified.toISOString(), ...owner });
  }
  return renderElement('Version', { ...identity, ...describeObject(version), ...owner });
}
