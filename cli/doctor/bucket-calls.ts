import { erasureRecordPrefix, tombstonePrefix } from '../../contract/erasure-record';
import { tagNames } from '../../contract/outcome-tags';
import type { PolicyStatement } from '../policy/statement';
import {
  callsDeniedTo,
  callsOfEveryone,
  callsOfFunction,
  callWithoutTls,
  type Context,
  type ExpectedCall,
  otherRoles,
} from './expected-calls';
import { requiredOnClaims, requiredOnPhotos } from './judge-permissions';

/** A bucket, by its ARN. */
interface BucketOfStack {
  readonly bucket: string;
  readonly functionRole: string;
}

const puttingTags = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'];
const deletingTags = ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'];
const names = Object.values(tagNames);
const outcome = tagsOf(names);
const finished = tagsOf([tagNames.status]);

type Tags = Readonly<Record<string, string>>;

function tagsOf(tags: readonly string[]): Tags {
  return Object.fromEntries(tags.map((name) => [name, 'current']));
}

/** The condition keys of a request that replaces the tags of an object. */
function tagging(requested: Tags, current: Tags = {}): Context {
  const keysOf = (kind: string, tags: Tags): Context =>
    Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:${kind}ObjectTag/${name}`, value]));
  return {
    's3:RequestObjectTagKeys': Object.keys(requested),
    ...keysOf('Request', requested),
    ...keysOf('Existing', current),
  };
}

/** Every way to create, change or remove an outcome. */
const forgeries: readonly (readonly [action: string, context: Context])[] = [
  ...names.flatMap((tag) => {
    const forged = { [tag]: 'forged' };
    const tags = [
      tagging(forged),
      tagging({ ...outcome, ...forged }, outcome),
      tagging(tagsOf(names.filter((name) => name !== tag)), outcome),
      // Not every outcome has all tags.
      ...(tag === tagNames.status ? [] : [tagging(outcome, tagsOf(names.filter((name) => name !== tag)))]),
    ];
    return [
      ['s3:PutObject', tagging(forged)] as const,
      ...puttingTags.flatMap((action) => tags.map((context) => [action, context] as const)),
    ];
  }),
  ...[...puttingTags, ...deletingTags].map((action) => [action, tagging({}, finished)] as const),
  ['s3:PutObject', { 's3:x-amz-copy-source': '/any-bucket/any-object' }],
  ['s3:ReplicateObject', {}],
  ['s3:ReplicateTags', {}],
];

/** The problem of a policy that does not protect outcomes. */
export const forgedOutcomes = 'Others than the function may write, change or remove outcomes';

/** Calls to the photo bucket. @param keyPrefixes of the photo objects. */
export function callsToPhotos(
  statements: readonly PolicyStatement[],
  { bucket, functionRole, keyPrefixes }: BucketOfStack & { readonly keyPrefixes: readonly string[] },
): ExpectedCall[] {
  const photos = keyPrefixes.map((prefix) => `${bucket}/${prefix}photo`);
  const contextsOf = (action: string): Context[] =>
    puttingTags.includes(action) ? [tagging(outcome), tagging(outcome, outcome)] : [{}];
  return [
    ...callsOfFunction(functionRole, requiredOnPhotos(bucket, keyPrefixes), contextsOf),
    ...photos.flatMap((photo) => callsOfEveryone(functionRole, onObjects, photo)),
    ...callsOfEveryone(functionRole, onBucket, bucket, { 's3:prefix': '' }),
    ...callsDeniedTo(otherRoles(statements, functionRole), forgedOutcomes, [
      ...photos.flatMap((photo) => forgeries.map(([action, context]) => [action, photo, context] as const)),
      ['s3:DeleteBucket', bucket],
    ]),
  ];
}

/** Calls to the claims bucket. */
export function callsToClaims(
  statements: readonly PolicyStatement[],
  { bucket, functionRole }: BucketOfStack,
): ExpectedCall[] {
  const objects = ['0', `${tombstonePrefix}0`, `${erasureRecordPrefix}0`].map((key) => `${bucket}/${key}`);
  const writing = [
    'PutObject',
    'DeleteObject',
    'DeleteObjectVersion',
    'ReplicateObject',
    'ReplicateDelete',
    'ReplicateTags',
  ];
  return [
    ...callsOfFunction(functionRole, requiredOnClaims(bucket)),
    ...objects.flatMap((object) => callsOfEveryone(functionRole, onObjects, object)),
    ...callsOfEveryone(functionRole, onBucket, bucket, { 's3:prefix': '' }),
    ...tlsOf({ bucket, functionRole }),
    ...callsDeniedTo(
      otherRoles(statements, functionRole),
      'Others than the function may write or delete claims, tombstones or evidence',
      [
        ...objects.flatMap((object) => writing.map((name) => [`s3:${name}`, object] as const)),
        ['s3:DeleteBucket', bucket],
      ],
    ),
  ];
}

/** Calls without TLS to a bucket that the stack created. */
export function tlsOf({ bucket, functionRole }: BucketOfStack): ExpectedCall[] {
  return [
    callWithoutTls(functionRole, 's3:GetObject', `${bucket}/object`),
    callWithoutTls(functionRole, 's3:ListBucket', bucket),
    callWithoutTls(functionRole, 's3:GetObject', `${bucket}/object`, { 's3:TlsVersion': '1.1' }),
  ];
}

const onObjects = [
  ...['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectTagging'],
  ...['s3:DeleteObject', 's3:DeleteObjectVersion'],
];
const onBucket = [
  ...['s3:ListBucket', 's3:ListBucketVersions', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  's3:PutLifecycleConfiguration',
];
