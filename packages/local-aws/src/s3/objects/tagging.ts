import { S3Error } from '../errors';
import { findTaggedObject, versionHeaders } from './find-object';
import { type Operation, xmlAnswer } from '../operation';
import { type TagSet, validateTagSet } from './tags';
import { parseXml, type XmlElement } from '../requests/xml';

/** GetObjectTagging. */
export const getObjectTagging: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const object = findTaggedObject(call, bucket);
  const tags = object.tags.map(({ key, value }) => ({ Key: key, Value: value }));
  return xmlAnswer('Tagging', { TagSet: { Tag: tags } }, versionHeaders(bucket, object));
};

/** PutObjectTagging: replaces the whole tag set. */
export const putObjectTagging: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const tags = parseTagging((await call.readBody()).bytes);
  // Found only now: while the body was read the object may have gone.
  const object = findTaggedObject(call, bucket);
  object.tags = tags;
  return { status: 200, headers: versionHeaders(bucket, object) };
};

/** DeleteObjectTagging. */
export const deleteObjectTagging: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const object = findTaggedObject(call, bucket);
  object.tags = [];
  return { status: 204, headers: versionHeaders(bucket, object) };
};

/**
 * Parses a `Tagging` document.
 * @throws S3Error MalformedXML, and what validateTagSet throws.
 */
export function parseTagging(xml: Buffer): TagSet {
  const [tagSet] = parseXml(xml, 'Tagging').all('TagSet');
  if (tagSet === undefined) throw new S3Error('MalformedXML');
  return validateTagSet(
    tagSet.all('Tag').map((tag) => ({ key: requiredText(tag, 'Key'), value: requiredText(tag, 'Value') })),
  );
}

function requiredText(element: XmlElement, name: string): string {
  const text = element.textOf(name);
  if (text === undefined) throw new S3Error('MalformedXML');
  return text;
}
