import { describe, expect, it } from '@jest/globals';
import { account, type DeployedTemplate } from './deployed-template';
import { functionRole, resourcePolicy, rolePolicies, roleWithAll } from './policies';
import { type AccessRequest, isAllowed, type Principal, type Statement } from './policy-evaluator';
import { deploy, everyOption, existingBucket } from './stacks';

type Context = AccessRequest['context'];

const overTls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
/** The condition key with the tag keys of a request: from PutObject's tagging header, a POST form's field, or PutObjectTagging. */
const asking = (...keys: string[]): Context => ({ ...overTls, 's3:RequestObjectTagKeys': keys });
const onTagged = { ...overTls, 's3:ExistingObjectTag/complycube-status': 'uploaded' };
const onTaggedByOthers = { ...overTls, 's3:ExistingObjectTag/album': 'holidays' };

/** Evaluates calls on a photo object of a stack's bucket. */
function askOf(template: DeployedTemplate) {
  const bucket = template.the('AWS::S3::Bucket', 'UploaderPhotoBucket');
  const ask = (principal: Principal, identity: Statement[], action: string, context: Context): boolean =>
    isAllowed(
      { principal, action: `s3:${action}`, resource: `${bucket.arn}/photos/a.jpg`, context },
      { accountId: account.accountId, identity, resource: resourcePolicy(template, bucket) },
    );
  const app = roleWithAll('s3');
  return {
    mayApp: (action: string, context: Context = overTls) => ask(app.principal, app.identity, action, context),
    mayFunction: (action: string, context: Context = overTls) =>
      ask(functionRole(template), rolePolicies(template), action, context),
    mayAnybody: (action: string, context: Context = overTls) => ask({ kind: 'anonymous' }, [], action, context),
  };
}

const { mayApp, mayFunction, mayAnybody } = askOf(deploy());
const writingTags = ['PutObject', 'PutObjectTagging', 'PutObjectVersionTagging'];
const changingTags = [
  'PutObjectTagging',
  'PutObjectVersionTagging',
  'DeleteObjectTagging',
  'DeleteObjectVersionTagging',
];

describe('the photo bucket’s policy', () => {
  it.each(['PutObject', 'GetObject', 'DeleteObject'])('lets an app that has the permission %s', (action) => {
    expect(mayApp(action)).toBe(true);
  });

  it.each(writingTags)('lets an app %s with other tags', (action) => {
    expect(mayApp(action, asking('album', 'complycube'))).toBe(true);
  });

  it.each(
    writingTags.flatMap((action) =>
      ['complycube-status', 'complycube-live-photo-id', 'complycube-anything'].map((key) => [action, key] as const),
    ),
  )('lets no app %s with the tag %s, with or without other tags', (action, key) => {
    expect(mayApp(action, asking(key))).toBe(false);
    expect(mayApp(action, asking('album', key))).toBe(false);
  });

  it('lets no form write an outcome', () => {
    const form = (key: string): Context => ({ ...asking(key), 's3:authType': 'POST' });
    expect(mayApp('PutObject', form('complycube-status'))).toBe(false);
    expect(mayApp('PutObject', form('album'))).toBe(true);
  });

  it.each(changingTags)('lets no app %s on an object with an outcome, with any tags in the request', (action) => {
    expect(mayApp(action, onTagged)).toBe(false);
    expect(mayApp(action, { ...asking('album'), ...onTagged })).toBe(false);
  });

  it.each(changingTags)('lets an app %s on an object without an outcome', (action) => {
    expect(mayApp(action)).toBe(true);
    expect(mayApp(action, onTaggedByOthers)).toBe(true);
  });

  it('lets an app put a new version of a photo that has an outcome', () => {
    expect(mayApp('PutObject', asking('album'))).toBe(true);
  });

  it.each(['PutObjectTagging', 'PutObjectVersionTagging'])(
    'lets the function %s with an outcome, also on an object that has one',
    (action) => {
      expect(mayFunction(action, asking('complycube-status', 'complycube-live-photo-id', 'album'))).toBe(true);
      expect(mayFunction(action, { ...asking('complycube-status'), ...onTagged })).toBe(true);
    },
  );

  it.each(['PutObject', 'GetObject', 'PutObjectTagging'])('lets no anonymous caller %s', (action) => {
    expect(mayAnybody(action)).toBe(false);
  });

  it.each([
    ['without TLS', { 'aws:SecureTransport': 'false' }],
    ['over TLS 1.1', { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' }],
  ])('lets neither an app nor the function do anything %s', (_, context) => {
    for (const action of ['GetObject', 'PutObject', 'DeleteObject', ...changingTags]) {
      expect(mayApp(action, context)).toBe(false);
      expect(mayFunction(action, context)).toBe(false);
    }
  });

  it('lets an app put over TLS 1.2', () => {
    expect(mayApp('PutObject', { ...overTls, 's3:TlsVersion': '1.2' })).toBe(true);
  });
});

describe('the photo bucket’s policy, with overwrites forbidden', () => {
  const guarded = askOf(deploy(everyOption));
  const creating = { ...overTls, 's3:ObjectCreationOperation': 'true' };
  const ofParts = { ...overTls, 's3:ObjectCreationOperation': 'false' };

  it('lets an app put only with If-None-Match', () => {
    expect(guarded.mayApp('PutObject', creating)).toBe(false);
    expect(guarded.mayApp('PutObject', { ...creating, 's3:if-match': 'etag' })).toBe(false);
    expect(guarded.mayApp('PutObject', { ...creating, 's3:if-none-match': '*' })).toBe(true);
  });

  it('lets an app start a multipart upload and send its parts without If-None-Match', () => {
    expect(guarded.mayApp('PutObject', ofParts)).toBe(true);
  });

  it('differs from the default policy, which does not require If-None-Match', () => {
    expect(mayApp('PutObject', creating)).toBe(true);
  });

  it('still lets no app write an outcome', () => {
    expect(guarded.mayApp('PutObject', { ...creating, 's3:if-none-match': '*', ...asking('complycube-status') })).toBe(
      false,
    );
  });
});

describe('trusted taggers', () => {
  it('contradict an existing bucket, whose policy the stack does not change', () => {
    const trustedTaggerRoleArns = everyOption.trustedTaggerRoleArns;
    expect(() => deploy({ ...existingBucket, trustedTaggerRoleArns })).toThrow(
      'trustedTaggers (trustedTaggerRoleArns) contradicts existingBucket',
    );
  });

  it('must be named by the ARNs of roles', () => {
    expect(() => deploy({ trustedTaggerRoleArns: ['*'] })).toThrow('trustedTaggerRoleArns has *: each must be');
  });
});

describe('the claims bucket’s policy', () => {
  const template = deploy();
  const claims = template.the('AWS::S3::Bucket', 'UploaderClaims');
  const mayClaim = (context: Context): boolean =>
    isAllowed(
      { principal: functionRole(template), action: 's3:PutObject', resource: `${claims.arn}/claim`, context },
      { accountId: account.accountId, identity: rolePolicies(template), resource: resourcePolicy(template, claims) },
    );

  it('lets the function claim only over TLS 1.2 or later', () => {
    expect(mayClaim(overTls)).toBe(true);
    expect(mayClaim({ ...overTls, 's3:TlsVersion': '1.1' })).toBe(false);
    expect(mayClaim({ 'aws:SecureTransport': 'false' })).toBe(false);
  });
});
