import type { Bucket } from '../buckets/bucket';
import { checkDeleteCondition } from '../requests/conditions';
import { S3Error } from '../errors';
import { versionIdOf } from './find-object';
import { type Operation, xmlAnswer } from '../operation';
import { parseXml, renderElement, type XmlElement } from '../requests/xml';

// S3 API reference, DeleteObjects.
const maxObjectsAtOnce = 1000;

/** DeleteObject. */
export const deleteObject: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const { versionId, isDeleteMarker } = deleteVersion(bucket, {
    key: call.key,
    versionId: versionIdOf(call),
    ifMatch: call.headers.get('if-match'),
  });
  return {
    status: 204,
    headers: {
      ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
      ...(isDeleteMarker && { 'x-amz-delete-marker': 'true' }),
    },
  };
};

/** DeleteObjects. */
export const deleteObjects: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const root = parseXml((await call.readBody()).bytes, 'Delete');
  const objects = root.all('Object').map(parseDeletion);
  if (objects.length < 1 || objects.length > maxObjectsAtOnce) throw new S3Error('MalformedXML');
  const isQuiet = root.textOf('Quiet')?.trim() === 'true';
  const results = objects.map((deletion) => {
    try {
      const { versionId, isDeleteMarker } = deleteVersion(bucket, deletion);
      if (isQuiet) return '';
      return renderElement('Deleted', {
        Key: deletion.key,
        VersionId: deletion.versionId,
        DeleteMarker: isDeleteMarker ? true : undefined,
        DeleteMarkerVersionId: isDeleteMarker ? versionId : undefined,
      });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      const { code: Code, message: Message } = error;
      return renderElement('Error', { Key: deletion.key, VersionId: deletion.versionId, Code, Message });
    }
  });
  return xmlAnswer('DeleteResult', results.join(''));
};

interface Deletion {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

function parseDeletion(element: XmlElement): Deletion {
  const key = element.textOf('Key');
  if (key === undefined || key === '') throw new S3Error('MalformedXML');
  return { key, versionId: element.textOf('VersionId'), ifMatch: element.textOf('ETag') };
}

interface DeletedVersion {
  /** The deleted version or the new delete marker; undefined in a bucket without versioning. */
  readonly versionId?: string;
  /** Whether a delete marker was created or deleted. */
  readonly isDeleteMarker: boolean;
}

/** Source: S3 user guide, "Deleting object versions from a versioning-enabled bucket". */
function deleteVersion(bucket: Bucket, { key, versionId, ifMatch }: Deletion): DeletedVersion {
  checkDeleteCondition(ifMatch, key, versionId, bucket.currentObject(key));
  if (versionId !== undefined) {
    const version = bucket.versionById(key, versionId);
    bucket.removeVersion(key, versionId);
    const isDeleteMarker = version?.isDeleteMarker === true;
    return bucket.isVersioned ? { versionId, isDeleteMarker } : { isDeleteMarker };
  }
  if (!bucket.isVersioned) {
    bucket.removeVersion(key, 'null');
    return { isDeleteMarker: false };
  }
  return { versionId: bucket.addDeleteMarker(key).versionId, isDeleteMarker: true };
}
