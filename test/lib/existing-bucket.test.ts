import { describe, expect, it, jest } from '@jest/globals';
import { CfnParameter, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, type BucketProps, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
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

    it.each<[string, (first: Stack, second: Stack) => [IBucket, IBucket]]>([
      [
        'by the name that the app sets, and by its construct',
        (first, second) => [
          new Bucket(first, 'Bucket', { bucketName: 'photos', versioned: true }) as IBucket,
          Bucket.fromBucketName(second, 'Bucket', 'photos'),
        ],
      ],
      [
        'by a name that is known only at deployment',
        (first, second) => {
          const name = new CfnParameter(first, 'Name').valueAsString;
          return [Bucket.fromBucketName(first, 'Bucket', name), Bucket.fromBucketName(second, 'Bucket', name)];
        },
      ],
    ])('is recognised %s', (_, makeBuckets) => {
      const app = makeApp();
      const stacks = [new Stack(app, 'First'), new Stack(app, 'Second')] as const;
      const [first, second] = makeBuckets(...stacks);
      new LivePhotoUploader(stacks[0], 'Uploader', { existingBucket: first });
      const makeSecond = () => new LivePhotoUploader(stacks[1], 'Uploader', { existingBucket: second });
      expect(makeSecond).toThrow('existingBucket is also the bucket of First/Uploader');
    });

    it('is accepted if their key prefixes differ', () => {
      expect(makeTwo(['a/'], ['b/', 'A/'])).not.toThrow();
    });
  });

  describe('that another uploader creates', () => {
    const message =
      'is also the bucket of Kyc/First: the policy of a bucket that an uploader creates allows only its own';
    const makeTwo = (second: (stack: Stack, first: LivePhotoUploader) => LivePhotoUploaderProps) => () => {
      const stack = new Stack(makeApp(), 'Kyc');
      const first = new LivePhotoUploader(stack, 'First', { bucketName: 'kyc-photos', keyPrefix: 'a/' });
      new LivePhotoUploader(stack, 'Second', second(stack, first));
    };

    it.each<[string, (stack: Stack, first: LivePhotoUploader) => IBucket]>([
      ['by its name', (stack) => Bucket.fromBucketName(stack, 'Bucket', 'kyc-photos')],
      ['by its construct', (_, { bucket }) => bucket],
      [
        'by the name of its construct',
        (stack, { bucket }) => Bucket.fromBucketName(stack, 'Bucket', bucket.bucketName),
      ],
    ])('is refused %s, also with another key prefix', (_, find) => {
      for (const keyPrefix of ['a/', 'b/']) {
        const make = makeTwo((stack, first) => ({ existingBucket: find(stack, first), keyPrefix }));
        expect(make).toThrow(ConfigurationError);
        expect(make).toThrow(`existingBucket ${message}`);
      }
    });

    it('is refused if the other uploader is created later', () => {
      const stack = new Stack(makeApp(), 'Kyc');
      const existingBucket = Bucket.fromBucketName(stack, 'Bucket', 'kyc-photos');
      new LivePhotoUploader(stack, 'First', { existingBucket });
      const make = () => new LivePhotoUploader(stack, 'Second', { bucketName: 'kyc-photos' });
      expect(make).toThrow(`bucketName ${message}`);
    });

    it('does not matter if each creates its own', () => {
      expect(makeTwo(() => ({ bucketName: 'other-photos', keyPrefix: 'a/' }))).not.toThrow();
      expect(makeTwo(() => ({ keyPrefix: 'a/' }))).not.toThrow();
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

  describe('without versioning', () => {
    /** The warnings of a synthesis about the existing bucket. */
    const warningsOf = (stack: Stack): string[] => {
      const print = jest.spyOn(console, 'error').mockReturnValue();
      const { directory } = makeAssembly(stack);
      print.mockRestore();
      const { pluginReports } = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;
      return pluginReports.flatMap(({ violations }) =>
        violations.flatMap(({ severity, description }) => (severity === 'warning' ? [description] : [])),
      );
    };
    const makeAssembly = (stack: Stack) => {
      const assembly = Stage.of(stack)?.synth();
      if (assembly === undefined) throw new Error('The stack is in no app');
      return assembly;
    };
    const warned = [expect.stringMatching(/^existingBucket is not versioned: .* Turn versioning on$/)];
    const stackWithBucket = (props: BucketProps, change: (resource: CfnBucket) => void): Stack => {
      let resource: CfnBucket | undefined;
      const stack = stackWith((scope) => {
        const bucket = new Bucket(scope, 'Bucket', { eventBridgeEnabled: true, ...props });
        resource = bucket.node.defaultChild as CfnBucket;
        return bucket as IBucket;
      });
      if (resource !== undefined) change(resource);
      return stack;
    };

    it.each<[string, Stack]>([
      ['the bucket of the app', stackWithBucket({}, () => undefined)],
      [
        'a bucket whose versioning is suspended after the uploader is created',
        stackWithBucket(
          { versioned: true },
          (resource) => (resource.versioningConfiguration = { status: 'Suspended' }),
        ),
      ],
      [
        'a bucket whose versioning is removed by an override',
        stackWithBucket({ versioned: true }, (resource) =>
          resource.addPropertyDeletionOverride('VersioningConfiguration'),
        ),
      ],
    ])('%s gets a warning', (_, stack) => {
      expect(warningsOf(stack)).toEqual(warned);
    });

    it.each<[string, Stack]>([
      ['that is versioned', stackWithBucket({ versioned: true }, () => undefined)],
      [
        'that is versioned after the uploader is created',
        stackWithBucket({}, (resource) => (resource.versioningConfiguration = { status: 'Enabled' })),
      ],
      [
        'that is versioned by an override',
        stackWithBucket({}, (resource) => resource.addPropertyOverride('VersioningConfiguration.Status', 'Enabled')),
      ],
      [
        'whose versioning is known only at deployment',
        stackWithBucket({}, (resource) =>
          resource.addPropertyOverride('VersioningConfiguration.Status', { 'Fn::ImportValue': 'Status' }),
        ),
      ],
      ['that is imported', makeStack(existingBucket)],
    ])('a bucket %s gets no warning', (_, stack) => {
      expect(warningsOf(stack)).toEqual([]);
    });

    it('does not fail synthesis, and the warning can be acknowledged', () => {
      const stack = stackWithBucket({}, () => undefined);
      Validations.of(stack).acknowledge({
        id: 'LivePhotoUploader::unversioned-bucket',
        reason: 'Photos have separate keys',
      });
      expect(warningsOf(stack)).toEqual([]);
    });
  });
});

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly { readonly severity?: string; readonly description: string }[];
  }[];
}

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
