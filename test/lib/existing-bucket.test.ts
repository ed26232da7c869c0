import { describe, expect, it } from '@jest/globals';
import { Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, type BucketProps, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { ConfigurationError } from '../../lib/validate-props';
import { existingBucket, makeApp, makeStack, synthesize } from './stacks';

const here = { account: '111111111111', region: 'eu-west-2' };

function stackWith(makeBucket: (stack: Stack) => IBucket, env?: typeof here): Stack {
  const stack = new Stack(makeApp(), 'Kyc', env === undefined ? {} : { env });
  new LivePhotoUploader(stack, 'Uploader', { existingBucket: makeBucket(stack) });
  return stack;
}

const synthesizes = (stack: Stack) => () => Stage.of(stack)?.synth();
const create = (props: BucketProps) => (stack: Stack) => new Bucket(stack, 'Bucket', props) as IBucket;
const silent = /The existing bucket does not send its events to EventBridge/;

describe('an existing bucket', () => {
  it.each([
    [{ keyPrefix: 'photos/' }, [{ prefix: 'photos/' }]],
    [{ keyPrefixes: ['photos/', 'ids/'] }, [{ prefix: 'photos/' }, { prefix: 'ids/' }]],
  ])('sends the events of %j through one rule', (props, key) => {
    synthesize({ existingBucket: 'existing-photos', ...props }).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: ['existing-photos'] }, object: { key } } },
    });
  });

  it('sends the events of every key without a prefix', () => {
    synthesize({ existingBucket: 'existing-photos' }).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: ['existing-photos'] }, object: Match.absent() } },
    });
  });

  it.each([
    ['account', { account: '222222222222' }, '222222222222: it must be in the stack’s account, which is 111111111111'],
    ['region', { region: 'us-east-1' }, 'us-east-1: it must be in the stack’s region, which is eu-west-2'],
  ])('of another %s is refused', (place, elsewhere, message) => {
    const make = () =>
      stackWith((stack) => Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'photos', ...elsewhere }), here);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`existingBucket is in ${place} ${message.replaceAll('’', "'")}`);
  });

  it('of the same account and region is accepted', () => {
    const bucketName = 'photos';
    expect(
      synthesizes(stackWith((stack) => Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName, ...here }), here)),
    ).not.toThrow();
  });

  it('of a stack whose account is unknown is accepted', () => {
    const attributes = { bucketName: 'photos', ...here };
    expect(synthesizes(stackWith((stack) => Bucket.fromBucketAttributes(stack, 'Bucket', attributes)))).not.toThrow();
  });

  describe('of two uploaders', () => {
    const makeTwo = (first: readonly string[] | undefined, second: readonly string[] | undefined) => () => {
      const app = makeApp();
      for (const [id, keyPrefixes] of [
        ['First', first],
        ['Second', second],
      ] as const) {
        const stack = new Stack(app, id);
        const bucket = Bucket.fromBucketName(stack, 'Bucket', 'photos');
        new LivePhotoUploader(stack, 'Uploader', { existingBucket: bucket, ...(keyPrefixes && { keyPrefixes }) });
      }
    };

    it.each([
      [['a/'], ['b/', 'a/2026/']],
      [['a/2026/'], ['a/']],
      [['a/'], ['a/']],
      [undefined, ['a/']],
      [undefined, undefined],
    ])('is refused if their key prefixes overlap: %j and %j', (first, second) => {
      expect(makeTwo(first, second)).toThrow(ConfigurationError);
      expect(makeTwo(first, second)).toThrow('existingBucket is also the bucket of First/Uploader');
    });

    it('is accepted if their key prefixes differ', () => {
      expect(makeTwo(['a/'], ['b/', 'A/'])).not.toThrow();
    });
  });

  it('that the app creates must send its events to EventBridge', () => {
    expect(synthesizes(stackWith(create({ versioned: true })))).toThrow(silent);
    expect(synthesizes(stackWith(create({ versioned: true, eventBridgeEnabled: true })))).not.toThrow();
  });

  it('may be told to send its events to EventBridge after the uploader was created', () => {
    let bucket: Bucket | undefined;
    const stack = stackWith((scope) => (bucket = new Bucket(scope, 'Bucket', { versioned: true })) as IBucket);
    bucket?.enableEventBridgeNotification();
    expect(synthesizes(stack)).not.toThrow();
  });

  it.each([
    [true, 'enables'],
    [false, 'disables'],
  ])('whose own CloudFormation property says %s %s EventBridge', (eventBridgeEnabled, effect) => {
    const stack = stackWith((scope) => {
      const bucket = new Bucket(scope, 'Bucket', { versioned: true });
      const resource = bucket.node.defaultChild as CfnBucket;
      resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled } };
      return bucket as IBucket;
    });
    if (effect === 'enables') expect(synthesizes(stack)).not.toThrow();
    else expect(synthesizes(stack)).toThrow(silent);
  });

  it('of another stack of the app is checked too', () => {
    const app = makeApp();
    const bucket = new Bucket(new Stack(app, 'Photos'), 'Bucket', { versioned: true }) as IBucket;
    new LivePhotoUploader(new Stack(app, 'Kyc'), 'Uploader', { existingBucket: bucket });
    expect(() => app.synth()).toThrow(silent);
  });

  const warning = Match.stringLikeRegexp('existingBucket is not versioned');

  it('that the app creates without versioning gets a warning', () => {
    Annotations.fromStack(stackWith(create({ eventBridgeEnabled: true }))).hasWarning('/Kyc/Uploader', warning);
  });

  it.each([
    ['that is versioned', stackWith(create({ versioned: true, eventBridgeEnabled: true }))],
    ['that is imported', makeStack(existingBucket)],
  ])('%s gets no warning', (_, stack) => {
    Annotations.fromStack(stack).hasNoWarning('*', warning);
  });
});

describe('the dead-letters alarm', () => {
  it('watches the events that EventBridge could not deliver, for an existing bucket', () => {
    const queueOf = (idStart: string) => ({
      MetricStat: {
        Metric: {
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(idStart), 'QueueName'] } }],
        },
      },
    });
    synthesize(existingBucket).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('#dead-letters$'),
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(deadLetters, 0) + FILL(undelivered, 0)' }),
        Match.objectLike({ Id: 'deadLetters', ...queueOf('^UploaderQueuesDeadLetter') }),
        Match.objectLike({ Id: 'undelivered', ...queueOf('^UploaderUndeliveredEvents') }),
      ]),
    });
    expect(() =>
      Template.fromStack(makeStack()).hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: [{ Id: 'undelivered' }],
      }),
    ).toThrow();
  });
});
