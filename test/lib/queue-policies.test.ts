import { describe, expect, it } from '@jest/globals';
import { account, type DeployedTemplate } from './deployed-template';
import { resourcePolicy, roleWithAll } from './policies';
import { type AccessRequest, isAllowed, type Principal } from './policy-evaluator';
import { deploy, existingBucket } from './stacks';

const s3: Principal = { kind: 'service', name: 's3.amazonaws.com' };
const eventBridge: Principal = { kind: 'service', name: 'events.amazonaws.com' };
const ofDefaults = deploy();

/** Asks whether somebody may call an action on one of a stack's queues. */
function ask(
  template: DeployedTemplate,
  queueId: 'UploaderQueuesUpload' | 'UploaderQueuesDeadLetter',
  request: Omit<AccessRequest, 'resource'>,
  identity = roleWithAll('sqs').identity,
): boolean {
  const queue = template.the('AWS::SQS::Queue', queueId);
  return isAllowed(
    { ...request, resource: queue.arn },
    { accountId: account.accountId, identity, resource: resourcePolicy(template, queue) },
  );
}

function mayAnnounce(template: DeployedTemplate, principal: Principal, sourceArn: string, context?: object): boolean {
  return ask(template, 'UploaderQueuesUpload', {
    principal,
    action: 'sqs:SendMessage',
    context: {
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': account.accountId,
      'aws:SourceArn': sourceArn,
      ...context,
    },
  });
}

const bucketArn = 'arn:aws:s3:::livephotos-uploaderphotobucket36aa475e-1abcdefghijk';

describe('the upload queue’s policy', () => {
  it('lets S3 announce the objects of the bucket, by the name that CloudFormation generates', () => {
    expect(mayAnnounce(ofDefaults, s3, bucketArn)).toBe(true);
    expect(ofDefaults.the('AWS::S3::Bucket', 'UploaderPhotoBucket').arn).toBe(bucketArn);
  });

  it.each([
    ['a bucket of another name', 'arn:aws:s3:::another-bucket'],
    ['a bucket of a stack whose name goes on', bucketArn.replace('livephotos', 'livephotos2')],
    ['another bucket of the stack', 'arn:aws:s3:::livephotos-uploaderclaims4d142516-1abcdefghijk'],
    ['a bucket whose name holds that of the stack’s', bucketArn.replace(':::', ':::another-')],
  ])('refuses %s', (_, sourceArn) => {
    expect(mayAnnounce(ofDefaults, s3, sourceArn)).toBe(false);
  });

  it('refuses a bucket of another account', () => {
    expect(mayAnnounce(ofDefaults, s3, bucketArn, { 'aws:SourceAccount': '222222222222' })).toBe(false);
  });

  it('refuses S3 without TLS', () => {
    expect(mayAnnounce(ofDefaults, s3, bucketArn, { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  it.each<[string, Principal]>([
    ['another service', { kind: 'service', name: 'sns.amazonaws.com' }],
    ['EventBridge', eventBridge],
    ['anybody unknown', { kind: 'anonymous' }],
    ['a role of another account', { kind: 'role', arn: 'arn:aws:iam::222222222222:role/app' }],
  ])('refuses %s', (_, principal) => {
    expect(mayAnnounce(ofDefaults, principal, bucketArn)).toBe(false);
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SetQueueAttributes'])('lets S3 not %s', (action) => {
    const context = { 'aws:SourceAccount': account.accountId, 'aws:SourceArn': bucketArn };
    expect(ask(ofDefaults, 'UploaderQueuesUpload', { principal: s3, action, context })).toBe(false);
  });

  it('lets S3 announce the objects of a bucket whose name was asked for, and of no other', () => {
    const named = deploy({ bucketName: 'kyc-photos' });
    expect(mayAnnounce(named, s3, 'arn:aws:s3:::kyc-photos')).toBe(true);
    expect(mayAnnounce(named, s3, 'arn:aws:s3:::kyc-photos-of-others')).toBe(false);
    expect(mayAnnounce(named, s3, bucketArn)).toBe(false);
  });

  it('lets S3 announce the objects of a bucket whose generated name is shortened', () => {
    const long = deploy({ stackName: 'LivePhotosOfTheVeryLongNamedDepartmentInProduction' });
    expect(mayAnnounce(long, s3, 'arn:aws:s3:::livephotosoftheverylongn-uploaderphotobucket36aa-1abcdefghijk')).toBe(
      true,
    );
    expect(mayAnnounce(long, s3, 'arn:aws:s3:::livephotosoftheverylongn-uploaderclaims4d142516-1abcdefghijk')).toBe(
      false,
    );
    expect(mayAnnounce(long, s3, bucketArn)).toBe(false);
  });
});

describe('the upload queue’s policy for an existing bucket', () => {
  const template = deploy(existingBucket);
  const rule = template.the('AWS::Events::Rule');

  it('lets just the stack’s rule announce', () => {
    expect(mayAnnounce(template, eventBridge, rule.arn)).toBe(true);
    expect(mayAnnounce(template, eventBridge, rule.arn.replace('ObjectCreated', 'Another'))).toBe(false);
    expect(mayAnnounce(template, s3, 'arn:aws:s3:::photos-that-stand')).toBe(false);
    expect(mayAnnounce(template, { kind: 'anonymous' }, rule.arn)).toBe(false);
  });

  it('is for a rule about the objects that are created in that bucket, under the prefix', () => {
    expect(rule.properties['EventPattern']).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['photos-that-stand'] }, object: { key: [{ prefix: 'photos/' }] } },
    });
  });
});

describe('the policy of either queue', () => {
  it.each(['UploaderQueuesUpload', 'UploaderQueuesDeadLetter'] as const)(
    '%s lets those in who have the permission, over TLS alone',
    (queueId) => {
      const { principal } = roleWithAll('sqs');
      const mayReceive = (isTls: string): boolean => {
        const context = { 'aws:SecureTransport': isTls };
        return ask(ofDefaults, queueId, { principal, action: 'sqs:ReceiveMessage', context });
      };
      expect(mayReceive('true')).toBe(true);
      expect(mayReceive('false')).toBe(false);
    },
  );

  it('lets nobody send to the dead-letter queue who has no permission of their own', () => {
    const context = {
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': account.accountId,
      'aws:SourceArn': bucketArn,
    };
    for (const principal of [s3, eventBridge, roleWithAll('s3').principal]) {
      const request = { principal, action: 'sqs:SendMessage', context };
      expect(ask(ofDefaults, 'UploaderQueuesDeadLetter', request, [])).toBe(false);
    }
  });
});
