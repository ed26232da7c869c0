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
  // Find the object after reading the body: it may have been deleted meanwhile.
  const object = findTaggedObject(call, bucket);
  object.tags = tags;
  return { status: 200, headers: versionHeaders(bucket, object) };
};

/**
 * Parses a `Tagging` document.
 * @throws S3Error MalformedXML, or an error from validateTagSet.
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
