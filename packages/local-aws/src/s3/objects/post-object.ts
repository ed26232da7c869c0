import type { ObjectVersion } from '../buckets/bucket';
import { findChecksum, verifyChecksum } from '../requests/checksums';
import { S3Error } from '../errors';
import { type MultipartForm, parseMultipartForm } from '../requests/multipart-form';
import { parseObjectMetadata, systemMetadataHeaders } from './object-metadata';
import type { S3Answer, S3Call } from '../call';
import { type Operation, xmlAnswer } from '../operation';
import { checkPostPolicy } from '../requests/post-policy';
import { missingField, verifyPostSignature } from '../requests/post-signature';
import { checkKeyLength } from '../requests/request-target';
import { storedObjectHeaders, storeObject } from './store-object';
import { parseTagging } from './tagging';
import type { TagSet } from './tags';
import { refuseUnsupportedHeaders } from '../requests/unsupported';

/** Fields for features that this server lacks. */
const refusedFields = ['success_action_redirect', 'redirect', 'x-amz-tagging'];

/**
 * PostObject: an upload from a browser or an app, with a signed policy.
 * Source: S3 API reference, "POST Object". Redirects are not implemented.
 */
export const postObject: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const { bytes: body } = await call.readBody();
  const form = parseMultipartForm(call.headers.get('content-type') ?? '', body);
  const { bytes } = form.file;
  const fields = withFileName(form);
  const key = fields.get('key');
  if (key === undefined || key === '') throw missingField('key');
  checkKeyLength(key);
  const policy = verifyPostSignature(form.fields, s3);
  checkPostPolicy(policy, { fields: new Map([...fields, ['bucket', bucket.name]]), fileBytes: bytes.length });

  const refused = refusedFields.find((name) => fields.has(name));
  if (refused !== undefined)
    throw new S3Error('NotImplemented', { message: `The field ${refused} is not implemented` });
  const headers = objectHeaders(fields);
  refuseUnsupportedHeaders(headers);
  const checksum = findChecksum(headers);
  if (checksum !== undefined) await verifyChecksum(bytes, checksum);
  const metadata = parseObjectMetadata(headers);
  const tags = tagsOf(fields);
  const version = await storeObject({ ...call, key }, s3, bucket, { bytes, checksum, metadata, tags }, 'Post');
  return answer(call, key, version, fields.get('success_action_status'), storedObjectHeaders(bucket, version));
};

/** Replaces `${filename}` in each field by the name of the form's file. */
function withFileName({ fields, file }: MultipartForm): Map<string, string> {
  // Some browsers send a path. Only its last part counts.
  const name = file.name.replace(/^.*[/\\]/s, '');
  const isSigned = (field: string): boolean => field === 'policy' || field === 'x-amz-signature';
  return new Map(
    [...fields].map(([field, value]) => [field, isSigned(field) ? value : value.replaceAll('${filename}', () => name)]),
  );
}

/** The fields that correspond to a header of PutObject. */
function objectHeaders(fields: ReadonlyMap<string, string>): Map<string, string> {
  const acl = fields.get('acl');
  const isHeader = (name: string): boolean =>
    name.startsWith('x-amz-') || systemMetadataHeaders.some((header) => header === name);
  return new Map([
    ...[...fields].filter(([name]) => isHeader(name)),
    ...(acl === undefined ? [] : [['x-amz-acl', acl] as const]),
  ]);
}

/** A form's tags are XML, unlike PutObject's header. */
function tagsOf(fields: ReadonlyMap<string, string>): TagSet {
  const tagging = fields.get('tagging');
  return tagging === undefined ? [] : parseTagging(Buffer.from(tagging));
}

function answer(
  call: S3Call,
  key: string,
  { eTag }: ObjectVersion,
  status: string | undefined,
  storedHeaders: Readonly<Record<string, string>>,
): S3Answer {
  // As observed, S3 also encodes the key's slashes.
  const location = `http://${call.headers.get('host') ?? ''}/${call.bucketName}/${encodeURIComponent(key)}`;
  const headers = { ...storedHeaders, etag: `"${eTag}"`, location };
  if (status === '200') return { status: 200, headers };
  // Any other value means 204.
  if (status !== '201') return { status: 204, headers };
  const content = { Location: location, Bucket: call.bucketName, Key: key, ETag: `"${eTag}"` };
  return { ...xmlAnswer('PostResponse', content, headers), status: 201 };
}
