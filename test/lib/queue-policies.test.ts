import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { account, type DeployedTemplate } from './deployed-template';
import { resourcePolicy, roleWithAll } from './policies';
import { type AccessRequest, isAllowed, type Principal } from './policy-evaluator';
import { deploy, everyOption, existingBucket } from './stacks';

const s3: Principal = { kind: 'service', name: 's3.amazonaws.com' };
const eventBridge: Principal = { kind: 'service', name: 'events.amazonaws.com' };
const ofDefaults = deploy();

/** Evaluates a request to one of a stack's queues. */
function isQueueAllowed(
  template: DeployedTemplate,
  queueId: 'UploaderQueuesUpload' | 'UploaderQueuesDeadLetter' | 'UploaderUndeliveredEvents',
  request: Omit<AccessRequest, 'resource'>,
  identity = roleWithAll('sqs').identity,
): boolean {
  const queue = template.the('AWS::SQS::Queue', queueId);
  return isAllowed(
    { ...request, resource: queue.arn },
    { accountId: account.accountId, identity, resource: resourcePolicy(template, queue) },
  );
}

function maySend(template: DeployedTemplate, principal: Principal, sourceArn: string, context?: object): boolean {
  return isQueueAllowed(template, 'UploaderQueuesUpload', {
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
  it('lets S3 send the events of the bucket with the name that CloudFormation generates', () => {
    expect(maySend(ofDefaults, s3, bucketArn)).toBe(true);
    expect(ofDefaults.the('AWS::S3::Bucket', 'UploaderPhotoBucket').arn).toBe(bucketArn);
  });

  it.each([
    ['a bucket of another name', 'arn:aws:s3:::another-bucket'],
    ['a bucket of a stack whose name is longer', bucketArn.replace('livephotos', 'livephotos2')],
    ['another bucket of the stack', 'arn:aws:s3:::livephotos-uploaderclaims4d142516-1abcdefghijk'],
    ['a bucket whose name contains that of the stack’s', bucketArn.replace(':::', ':::another-')],
  ])('refuses %s', (_, sourceArn) => {
    expect(maySend(ofDefaults, s3, sourceArn)).toBe(false);
  });

  it('refuses a bucket of another account', () => {
    expect(maySend(ofDefaults, s3, bucketArn, { 'aws:SourceAccount': '222222222222' })).toBe(false);
  });

  it('refuses S3 without TLS', () => {
    expect(maySend(ofDefaults, s3, bucketArn, { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  it.each<[string, Principal]>([
    ['another service', { kind: 'service', name: 'sns.amazonaws.com' }],
    ['EventBridge', eventBridge],
    ['an anonymous caller', { kind: 'anonymous' }],
    ['a role of another account', { kind: 'role', arn: 'arn:aws:iam::222222222222:role/app' }],
  ])('refuses %s', (_, principal) => {
    expect(maySend(ofDefaults, principal, bucketArn)).toBe(false);
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SetQueueAttributes'])('does not allow S3 %s', (action) => {
    const context = { 'aws:SourceAccount': account.accountId, 'aws:SourceArn': bucketArn };
    expect(isQueueAllowed(ofDefaults, 'UploaderQueuesUpload', { principal: s3, action, context })).toBe(false);
  });

  it('lets S3 send only the events of the bucket with the configured name', () => {
    const named = deploy({ bucketName: 'kyc-photos' });
    expect(maySend(named, s3, 'arn:aws:s3:::kyc-photos')).toBe(true);
    expect(maySend(named, s3, 'arn:aws:s3:::kyc-photos-of-others')).toBe(false);
    expect(maySend(named, s3, bucketArn)).toBe(false);
  });

  it('lets S3 send the events of a bucket whose generated name is shortened', () => {
    const long = deploy({ stackName: 'LivePhotosOfTheVeryLongNamedDepartmentInProduction' });
    expect(maySend(long, s3, 'arn:aws:s3:::livephotosoftheverylongn-uploaderphotobucket36aa-1abcdefghijk')).toBe(true);
    expect(maySend(long, s3, 'arn:aws:s3:::livephotosoftheverylongn-uploaderclaims4d142516-1abcdefghijk')).toBe(false);
    expect(maySend(long, s3, bucketArn)).toBe(false);
  });
});

describe('the upload queue’s policy for an existing bucket', () => {
  const template = deploy(existingBucket);
  const rule = template.the('AWS::Events::Rule');

  it('lets only the stack’s rule send', () => {
    expect(maySend(template, eventBridge, rule.arn)).toBe(true);
    expect(maySend(template, eventBridge, rule.arn.replace('ObjectCreated', 'Another'))).toBe(false);
    expect(maySend(template, s3, 'arn:aws:s3:::existing-photos')).toBe(false);
    expect(maySend(template, { kind: 'anonymous' }, rule.arn)).toBe(false);
  });

  it('lets the rule send what it could not deliver to its dead-letter queue, and nobody else', () => {
    const [target] = rule.properties['Targets'] as { DeadLetterConfig: { Arn: string } }[];
    expect(target?.DeadLetterConfig.Arn).toBe(template.the('AWS::SQS::Queue', 'UploaderUndeliveredEvents').arn);
    const maySendTo = (principal: Principal, sourceArn: string): boolean =>
      isQueueAllowed(
        template,
        'UploaderUndeliveredEvents',
        {
          principal,
          action: 'sqs:SendMessage',
          context: { 'aws:SecureTransport': 'true', 'aws:SourceArn': sourceArn },
        },
        [],
      );
    expect(maySendTo(eventBridge, rule.arn)).toBe(true);
    expect(maySendTo(eventBridge, rule.arn.replace('ObjectCreated', 'Another'))).toBe(false);
    expect(maySendTo(s3, rule.arn)).toBe(false);
    expect(maySendTo(roleWithAll('s3').principal, rule.arn)).toBe(false);
  });

  it('is for a rule that matches new objects of that bucket with the prefix', () => {
    expect(rule.properties['EventPattern']).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['existing-photos'] }, object: { key: [{ prefix: 'photos/' }] } },
    });
  });
});

describe('the operators', () => {
  const { principal, identity } = roleWithAll('sqs');
  const mayPurge = (template: DeployedTemplate): boolean =>
    isQueueAllowed(
      template,
      'UploaderQueuesUpload',
      { principal, action: 'sqs:PurgeQueue', context: { 'aws:SecureTransport': 'true' } },
      identity,
    );

  it('are all principals with the permission, if none are named', () => {
    expect(mayPurge(ofDefaults)).toBe(true);
    expect(mayPurge(deploy({ operatorRoleArns: [principal.kind === 'role' ? principal.arn : ''] }))).toBe(true);
    expect(mayPurge(deploy(everyOption))).toBe(false);
  });

  it('are denied no queue, and others are denied every queue', () => {
    const arn = 'arn:aws:iam::111122223333:role/on-call';
    const template = deploy({ ...existingBucket, operatorRoleArns: [arn] });
    const queues = template.ofType('AWS::SQS::Queue');
    expect(queues).toHaveLength(3);
    for (const queue of queues) {
      const mayDelete = (caller: Principal): boolean =>
        isAllowed(
          {
            principal: caller,
            action: 'sqs:DeleteMessage',
            resource: queue.arn,
            context: { 'aws:SecureTransport': 'true' },
          },
          { accountId: '111122223333', identity, resource: resourcePolicy(template, queue) },
        );
      expect(mayDelete({ kind: 'role', arn })).toBe(true);
      expect(mayDelete({ kind: 'role', arn: `${arn}-2` })).toBe(false);
    }
  });

  it('must be named by the ARNs of roles, without wildcards', () => {
    const account = 'arn:aws:iam::111122223333';
    for (const arn of [
      `${account}:role/*`,
      `${account}:user/a`,
      `${account.replace(':iam:', ':sts:')}:assumed-role/a/b`,
      'a',
    ]) {
      expect(() => deploy({ operatorRoleArns: [arn] })).toThrow(
        `operatorRoleArns has ${arn}: each must be the ARN of a role`,
      );
    }
    expect(() => deploy({ operatorRoleArns: [`${account}:role/team/on-call`] })).not.toThrow();
    const stack = new Stack();
    const operators = [Role.fromRoleArn(stack, 'All', `${account}:role/*`)];
    expect(() => new LivePhotoUploader(stack, 'Uploader', { operators })).toThrow('operators (operatorRoleArns) has');
  });
});

describe('the policy of either queue', () => {
  it.each(['UploaderQueuesUpload', 'UploaderQueuesDeadLetter'] as const)(
    '%s allows callers with the permission only over TLS',
    (queueId) => {
      const { principal } = roleWithAll('sqs');
      const mayReceive = (isTls: string): boolean => {
        const context = { 'aws:SecureTransport': isTls };
        return isQueueAllowed(ofDefaults, queueId, { principal, action: 'sqs:ReceiveMessage', context });
      };
      expect(mayReceive('true')).toBe(true);
      expect(mayReceive('false')).toBe(false);
    },
  );

  it('does not itself allow anyone to send to the dead-letter queue', () => {
    const context = {
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': account.accountId,
      'aws:SourceArn': bucketArn,
    };
    for (const principal of [s3, eventBridge, roleWithAll('s3').principal]) {
      const request = { principal, action: 'sqs:SendMessage', context };
      expect(isQueueAllowed(ofDefaults, 'UploaderQueuesDeadLetter', request, [])).toBe(false);
    }
  });
});
