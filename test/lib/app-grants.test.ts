import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { uploadSettingsFrom } from '../../app/upload-settings';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
import { ConfigurationError } from '../../lib/validate-props';
import { account, DeployedTemplate } from './deployed-template';
import { resourcePolicy } from './policies';
import { type AccessRequest, isAllowed, type Statement } from './policy-evaluator';
import { everyOption, makeApp } from './stacks';

type Context = NonNullable<AccessRequest['context']>;

/** A stack with an uploader and the role of a back end with both grants. */
function deployed(props: LivePhotoUploaderProps = {}, { hasMore = false, hasKey = false } = {}) {
  const stack = new Stack(makeApp(), 'Photos');
  const encryptionKey = hasKey ? Key.fromKeyArn(stack, 'Key', everyOption.encryptionKeyArn) : undefined;
  const uploader = new LivePhotoUploader(stack, 'Uploader', { ...props, encryptionKey });
  const role = new Role(stack, 'BackEnd', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  uploader.grantUpload(role);
  uploader.grantReadOutcomes(role);
  if (hasMore) role.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));

  const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
  const { ref, arn } = template.the('AWS::IAM::Role', 'BackEnd');
  const identity = template
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => (properties['Roles'] as string[]).includes(ref))
    .flatMap(({ properties }) => (properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
  const bucket = template.the('AWS::S3::Bucket', 'UploaderPhotoBucket');
  const ask = (action: string, context: Context, resource: string): boolean =>
    isAllowed(
      { principal: { kind: 'role', arn }, action, resource, context },
      {
        ...{ accountId: account.accountId, identity },
        ...(resource.startsWith(bucket.arn) && { resource: resourcePolicy(template, bucket) }),
      },
    );
  return {
    identity,
    may: (action: string, context: Context, key = 'photos/a') => ask(action, context, `${bucket.arn}/${key}`),
    mayOfBucket: (action: string) => ask(action, overTls, bucket.arn),
    mayWithKey: (action: string, context: Context) => ask(action, context, everyOption.encryptionKeyArn),
  };
}

const overTls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
/** The condition keys that S3 sends to IAM for the form of an upload grant. */
const granted: Context = {
  ...overTls,
  's3:authType': 'POST',
  's3:signatureversion': 'AWS4-HMAC-SHA256',
  's3:signatureAge': '60000',
  's3:x-amz-server-side-encryption': 'AES256',
};
const without = (key: string): Context => Object.fromEntries(Object.entries(granted).filter(([name]) => name !== key));

describe.each([
  ['with only its grants', false],
  ['that is also allowed s3:*', true],
])('a back end, %s,', (_, hasMore) => {
  const { may } = deployed({}, { hasMore });

  it('may put a photo object with a form', () => {
    expect(may('s3:PutObject', granted)).toBe(true);
  });

  it.each([
    ['a signed request, whose sender chooses the metadata', { 's3:authType': 'REST-HEADER' }],
    ['a presigned URL', { 's3:authType': 'REST-QUERY-STRING' }],
  ])('may not put one with %s', (_, change) => {
    expect(may('s3:PutObject', { ...granted, ...change })).toBe(false);
  });

  it('may not put one if S3 does not name the authentication type', () => {
    expect(may('s3:PutObject', without('s3:authType'))).toBe(false);
  });

  it('may not write an outcome', () => {
    expect(may('s3:PutObject', { ...granted, 's3:RequestObjectTagKeys': ['complycube-status'] })).toBe(false);
    expect(may('s3:PutObjectTagging', { ...overTls, 's3:RequestObjectTagKeys': ['complycube-status'] })).toBe(false);
  });
});

describe('a back end’s form', () => {
  const { may, identity } = deployed({ keyPrefix: 'photos/' });

  it.each<[string, Context]>([
    ['without encryption', without('s3:x-amz-server-side-encryption')],
    ['with other encryption', { ...granted, 's3:x-amz-server-side-encryption': 'aws:kms' }],
    ['with tags of any name', { ...granted, 's3:RequestObjectTagKeys': ['album'] }],
    ['with an ACL', { ...granted, 's3:x-amz-acl': 'public-read' }],
    ['with a storage class', { ...granted, 's3:x-amz-storage-class': 'GLACIER' }],
    ['with a redirect', { ...granted, 's3:x-amz-website-redirect-location': 'https://attacker.example' }],
    ['signed 15 minutes ago', { ...granted, 's3:signatureAge': '900000' }],
    ['signed with Version 2', { ...granted, 's3:signatureversion': 'AWS' }],
    ['not over TLS', { ...granted, 'aws:SecureTransport': 'false' }],
  ])('%s is refused', (_, context) => {
    expect(may('s3:PutObject', context)).toBe(false);
  });

  it('is only for keys with the prefix', () => {
    expect(may('s3:PutObject', granted, 'photos/a')).toBe(true);
    expect(may('s3:PutObject', granted, 'other/a')).toBe(false);
  });

  it('is for keys with any of several prefixes', () => {
    const several = deployed({ keyPrefixes: ['photos/', 'ids/'] });
    const isAccepted = ['photos/a', 'ids/a', 'other/a'].map((key) => several.may('s3:PutObject', granted, key));
    expect(isAccepted).toEqual([true, true, false]);
    const isRead = ['photos/a', 'ids/a', 'other/a'].map((key) => several.may('s3:GetObjectTagging', overTls, key));
    expect(isRead).toEqual([true, true, false]);
  });

  it('is accepted for just under 15 minutes', () => {
    expect(may('s3:PutObject', { ...granted, 's3:signatureAge': '899999' })).toBe(true);
  });

  it('is one of exactly four allowed actions', () => {
    const allowed = identity.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(allowed.sort()).toEqual([
      's3:GetObjectTagging',
      's3:GetObjectVersionTagging',
      's3:ListBucket',
      's3:PutObject',
    ]);
  });
});

describe('a back end of a bucket with a customer managed key', () => {
  const { may, mayWithKey } = deployed({}, { hasKey: true });
  const withKey = {
    ...granted,
    's3:x-amz-server-side-encryption': 'aws:kms',
    's3:x-amz-server-side-encryption-aws-kms-key-id': everyOption.encryptionKeyArn,
  };

  it('may only put photos that are encrypted with that key', () => {
    expect(may('s3:PutObject', withKey)).toBe(true);
    expect(may('s3:PutObject', granted)).toBe(false);
    const other = { ...withKey, 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:1:key/2' };
    expect(may('s3:PutObject', other)).toBe(false);
  });

  it('may generate data keys only through S3, and decrypt nothing', () => {
    const throughS3 = { 'kms:ViaService': `s3.${account.region}.amazonaws.com` };
    expect(mayWithKey('kms:GenerateDataKey', throughS3)).toBe(true);
    expect(mayWithKey('kms:GenerateDataKey', {})).toBe(false);
    expect(mayWithKey('kms:Decrypt', throughS3)).toBe(false);
  });
});

describe('a back end that reads outcomes', () => {
  const { may, mayOfBucket } = deployed({ keyPrefix: 'photos/' });

  it('may read the tags of photo objects but not the photos', () => {
    expect(may('s3:GetObjectTagging', overTls)).toBe(true);
    expect(may('s3:GetObjectVersionTagging', overTls)).toBe(true);
    expect(may('s3:GetObjectTagging', overTls, 'other/a')).toBe(false);
    expect(may('s3:GetObject', overTls)).toBe(false);
  });

  it('may list the bucket, so that S3 answers 404 for a missing object', () => {
    expect(mayOfBucket('s3:ListBucket')).toBe(true);
  });
});

describe('addUploadEnvironment', () => {
  /** The environment that a back end gets, with the names of the stack's resources. */
  function environmentOf(props: LivePhotoUploaderProps, hasKey: boolean) {
    const stack = new Stack(makeApp(), 'Photos');
    const encryptionKey = hasKey ? Key.fromKeyArn(stack, 'Key', everyOption.encryptionKeyArn) : undefined;
    const environment: Record<string, string> = {};
    const uploader = new LivePhotoUploader(stack, 'Uploader', { ...props, encryptionKey });
    uploader.addUploadEnvironment({
      addEnvironment: (name, value) => {
        environment[name] = stack.resolve(value) === value ? value : 'resolved-at-deployment';
      },
    });
    return uploadSettingsFrom(environment);
  }

  it('gives the back end the settings of the stack, as uploadSettingsFrom reads them', () => {
    const bucket = 'resolved-at-deployment';
    expect(environmentOf({}, false)).toEqual({ bucket, keyPrefixes: [], clientIdMetadata: 'client-id' });
    expect(environmentOf({ keyPrefix: 'selfies/' }, false)).toMatchObject({ keyPrefixes: ['selfies/'] });
    const keyPrefixes = ['selfies/', 'imports/'];
    expect(environmentOf({ keyPrefixes, clientIdMetadata: 'user-id' }, true)).toEqual({
      bucket,
      keyPrefixes,
      clientIdMetadata: 'user-id',
      encryptionKeyArn: everyOption.encryptionKeyArn,
    });
  });
});

describe('grantUpload', () => {
  const make = (props: LivePhotoUploaderProps = {}) =>
    new LivePhotoUploader(new Stack(makeApp(), 'S'), 'Uploader', props);

  it('contradicts forbidOverwrites', () => {
    const uploader = make({ forbidOverwrites: true });
    const role = new Role(uploader, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(() => uploader.grantUpload(role)).toThrow(ConfigurationError);
    expect(() => uploader.grantUpload(role)).toThrow('forbidOverwrites');
  });

  it.each(['grantUpload', 'grantReadOutcomes'] as const)(
    'fails for a principal that can’t have a policy: %s',
    (method) => {
      expect(() => make()[method](new ServicePrincipal('lambda.amazonaws.com'))).toThrow('could not be added');
    },
  );
});
