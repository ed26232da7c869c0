import { describe, expect, it } from '@jest/globals';
import { CfnParameter, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { readSettings } from '../../bin/settings';
import { apiUrlRule } from '../../contract/api-url';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { LivePhotosStack } from '../../lib/live-photos-stack';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
import { ConfigurationError } from '../../lib/validate-props';
import { notExtendable } from '../contract/not-extendable-urls';
import { everyOption, makeApp, makeStack } from './stacks';

/** Props as JavaScript passes them, which no compiler has checked. */
type Props = Readonly<Record<string, unknown>>;

const makeUploader = (props: Props) => () => new LivePhotoUploader(new Stack(makeApp(), 'Kyc'), 'Uploader', props);
const makeFromStack = (props: Props) => () => makeStack(props);
const makeFromCommandLine = (props: Props) => () =>
  makeStack(readSettings(Object.fromEntries(Object.entries(props).map(([name, value]) => [name, String(value)]))));

const circular: unknown[] = [];
circular.push(circular);

/** The message of the one-line error that a configuration must fail with. */
function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('The configuration is accepted');
}

describe('a wrong value', () => {
  it.each([
    ['keyPrefix', 'photos/*'],
    ['keyPrefixes', ['photos/*']],
    ['keyPrefixes', Array.from({ length: 11 }, (_, at) => `${at + 10}/`)],
    ['clientIdMetadata', 'x-amz-meta-user-id'],
    ['clientIdMetadata', 'live-photo'],
    ['clientIdMetadata', 'User-Id'],
    ['bucketName', 'Photos_of_Kyc'],
    ['alarmEmail', 'nope'],
    ['complyCubeBaseUrl', 'http://complycube.example'],
    ['requestsPerSecond', 1],
    ['maxConcurrency', 11],
    ['forbidOverwrites', 'yes'],
    ['performLivenessCheck', 'no'],
    ['logRetention', 2],
    ['requestsPerSecond', 'many'],
  ])('has the same message in a construct, in a stack and on the command line: %s %j', (name, value) => {
    const message = refusal(makeUploader({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} (is|has) `));
    expect(refusal(makeFromStack({ [name]: value }))).toBe(message);
    expect(refusal(makeFromCommandLine({ [name]: value }))).toBe(message);
  });

  it.each(notExtendable.filter((url) => url !== ''))(
    'for ComplyCube’s URL has the same rule as in the function: %j',
    (url) => {
      const message = refusal(makeUploader({ complyCubeBaseUrl: url }));
      const hasCredentials = url.includes('@');
      expect(message).toMatch(hasCredentials ? /^complyCubeBaseUrl contains credentials: / : /^complyCubeBaseUrl is /);
      expect(message.endsWith(`: it must be ${apiUrlRule}`)).toBe(true);
      if (hasCredentials) expect(message).not.toContain('user');
      expect(refusal(makeFromStack({ complyCubeBaseUrl: url }))).toBe(message);
      expect(refusal(makeFromCommandLine({ complyCubeBaseUrl: url }))).toBe(message);
    },
  );

  it.each([
    ['stackName', '1st'],
    ['existingBucket', 'arn:aws:s3:::photos'],
    ['encryptionKeyArn', 'alias/photos'],
    ['uploadedExpireDays', 0],
    ['rejectedExpireDays', 40_000],
    ['erasedExpireDays', 0],
    ['evidenceRetentionDays', 0],
    ['apiKeySecret', 'not a name'],
    ['apiKeySecretKeyArn', 'alias/secret'],
    ['pipelineKeyArn', 'alias/pipeline'],
    ['accessLogsBucket', 'arn:aws:s3:::logs'],
    ['eventBus', 'arn:aws:events:eu-west-2:1:event-bus/a'],
  ])('has the same message in a stack and on the command line: %s %j', (name, value) => {
    const message = refusal(makeFromStack({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} is .*: it must be `));
    expect(refusal(makeFromCommandLine({ [name]: value }))).toBe(message);
  });

  it.each<[string, Props, string]>([
    ['a text for a list', { uploadOrigins: 'https://a' }, 'uploadOrigins is "https://a": it must be a list of origins'],
    ['a list with a hole', { uploadOrigins: [undefined] }, 'uploadOrigins has undefined: each must be'],
    [
      'a number for a duration',
      { uploadedExpiration: 30 },
      'uploadedExpiration (uploadedExpireDays) is 30: it must be',
    ],
    [
      'part of a day',
      { rejectedExpiration: Duration.hours(36) },
      'rejectedExpiration (rejectedExpireDays) is 1.5 days: it must be a whole number from 1 to 36,500',
    ],
    ['a text for a number', { requestsPerSecond: '5' }, 'requestsPerSecond is "5": it must be a whole number'],
    ['null', { maxConcurrency: null }, 'maxConcurrency is null: it must be'],
    ['a name for a bucket', { existingBucket: 'photos' }, 'existingBucket is "photos": it must be a bucket construct'],
    ['a name for a secret', { apiKeySecret: 'key' }, 'apiKeySecret is "key": it must be a secret construct'],
    ['a function for a key', { encryptionKey: () => 1 }, 'encryptionKey (encryptionKeyArn) is a function: it must be'],
    ['a text for prefixes', { keyPrefixes: 'a/' }, 'keyPrefixes is "a/": it must be a list of 1 to 10 prefixes'],
    ['no prefixes', { keyPrefixes: [] }, 'keyPrefixes is []: it must be a list of 1 to 10 prefixes'],
    ['a hole in prefixes', { keyPrefixes: ['a/', undefined] }, 'keyPrefixes has undefined: each must be 1 to 512'],
    ['an empty text', { keyPrefix: '' }, 'keyPrefix is "": it must be 1 to 512 characters'],
    ['an empty prefix', { keyPrefixes: [''] }, 'keyPrefixes has "": each must be 1 to 512 characters'],
    ['a text with a space at its end', { clientIdMetadata: 'user-id ' }, 'clientIdMetadata is "user-id ": it must be'],
    ['two lines', { complyCubeBaseUrl: 'a\nb' }, String.raw`complyCubeBaseUrl is "a\nb": it must be an https URL`],
    ['a hole in roles', { operators: [null] }, 'operators (operatorRoleArns) has null: each must be a role construct'],
    [
      'a text for a role',
      { trustedTaggers: ['scanner'] },
      'trustedTaggers (trustedTaggerRoleArns) has "scanner": each must be a role construct',
    ],
    ['a bigint in a list', { keyPrefix: [5n] }, 'keyPrefix is [ 5n ]: it must be 1 to 512 characters'],
    ['a bigint', { requestsPerSecond: 5n }, 'requestsPerSecond is 5n: it must be a whole number'],
    ['a list that contains itself', { keyPrefixes: circular }, 'keyPrefixes has <ref *1> [ [Circular *1] ]: each must'],
    [
      'an object without a prototype',
      { existingBucket: Object.create(null) },
      'existingBucket is {}: it must be a bucket construct (IBucket)',
    ],
    ['an object without a constructor', { keyPrefix: Object.create({ constructor: 1 }) }, 'keyPrefix is an object: it'],
    [
      'part of a duration',
      { uploadedExpiration: { toDays: () => 30, isUnresolved: () => false } },
      'uploadedExpiration (uploadedExpireDays) is {}: it must be a Duration',
    ],
    ['a list for a text', { keyPrefix: ['a/'] }, 'keyPrefix is ["a/"]: it must be 1 to 512 characters'],
  ])('of a type that only JavaScript allows is named: %s', (_, props, message) => {
    expect(refusal(makeUploader(props))).toContain(message);
  });

  it.each([
    ['existingBucket', 'existingBucket', { bucketArn: 'arn:aws:s3:::a', bucketName: 'a' }],
    ['accessLogsBucket', 'accessLogsBucket', { bucketArn: 'arn:aws:s3:::a', bucketName: 'a' }],
    ['encryptionKey', 'encryptionKey (encryptionKeyArn)', { keyArn: everyOption.encryptionKeyArn }],
    ['apiKeySecretKey', 'apiKeySecretKey (apiKeySecretKeyArn)', { keyArn: everyOption.encryptionKeyArn }],
    ['pipelineKey', 'pipelineKey (pipelineKeyArn)', { keyArn: everyOption.encryptionKeyArn }],
    ['apiKeySecret', 'apiKeySecret', { secretArn: 'arn:aws:secretsmanager:eu-west-2:111111111111:secret:a-AbCdEf' }],
    ['eventBus', 'eventBus', { eventBusArn: 'arn:aws:events:eu-west-2:111111111111:event-bus/a' }],
  ])('that has only the attributes of a construct is named: %s', (prop, name, value) => {
    const message = refusal(makeUploader({ [prop]: value }));
    expect(message).toMatch(
      new RegExp(`^${name.replaceAll(/[()]/g, '.')} is .*: it must be an? .* construct \\(I\\w+\\)$`),
    );
    expect(message).toContain(JSON.stringify(value));
    // An object that refers to a stack has no end as text.
    const inStack = { ...value, stack: new Stack(makeApp(), 'Kyc') };
    expect(refusal(makeUploader({ [prop]: inStack })).length).toBeLessThan(300);
  });

  it.each([['trustedTaggers'], ['operators']])('that has only the ARN of a role is named: %s', (prop) => {
    const value = [{ roleArn: everyOption.operatorRoleArns[0] }];
    expect(refusal(makeUploader({ [prop]: value }))).toMatch(/ has {"roleArn":.*}: each must be a role construct/);
  });

  it.each([[null], ['keyPrefix'], [1], [['keyPrefix']]])('for all props is named: %j', (props) => {
    const message = `props is ${typeof props === 'string' ? props : JSON.stringify(props)}: it must be an object with the props`;
    expect(refusal(makeUploader(props as unknown as Props))).toBe(message);
    expect(refusal(makeFromStack(props as unknown as Props))).toBe(message);
  });

  it.each<[string, unknown]>([
    ['a list', ['a']],
    ['a text', 'team=kyc'],
    ['a value that is no text', { team: 5 }],
    ['no value', { team: undefined }],
    ['no tag', {}],
    ['a class', new Map([['team', 'kyc']])],
  ])('for tags is named: %s', (_, tags) => {
    expect(refusal(makeFromStack({ tags }))).toMatch(/^tags is .*: it must be keys of 1 to 128 characters/);
  });

  it('among the tags of a stack is named', () => {
    expect(refusal(makeFromStack({ tags: { 'aws:team': 'kyc' } }))).toMatch(/^tags is .*no key may begin with aws:$/);
    expect(refusal(() => readSettings({ tags: 'aws:team=kyc' }))).toMatch(/^tags is .*no key may begin with aws:$/);
    expect(refusal(() => readSettings({ tags: 'kyc' }))).toBe(
      'tags is kyc: it must be a list of key=value separated by commas',
    );
  });
});

describe('key prefixes', () => {
  it.each([
    [['photos/', 'photos/'], 'photos/ and photos/'],
    [['photos/2026/', 'ids/', 'photos/'], 'photos/ and photos/2026/'],
    [['a-b', 'a', 'a/b'], 'a and a-b'],
  ])('that overlap are refused, and both are named: %j', (keyPrefixes, both) => {
    const [shorter = ''] = both.split(' ');
    const message = `keyPrefixes has ${both}: no prefix may begin with another. Keep only ${shorter}`;
    expect(refusal(makeUploader({ keyPrefixes }))).toBe(message);
    expect(refusal(makeFromStack({ keyPrefixes }))).toBe(message);
    expect(refusal(makeFromCommandLine({ keyPrefixes }))).toBe(message);
  });

  it('that differ at their ends don’t overlap', () => {
    expect(makeUploader({ keyPrefixes: ['photos/', 'photo-', 'photosets/'] })).not.toThrow();
  });

  it.each([makeUploader, makeFromStack, makeFromCommandLine])('contradict a single prefix', (make) => {
    expect(refusal(make({ keyPrefix: 'photos/', keyPrefixes: ['ids/'] }))).toBe(
      'keyPrefix contradicts keyPrefixes: add photos/ to keyPrefixes, and remove keyPrefix',
    );
  });

  it('may have up to 1,024 characters in total', () => {
    const keyPrefixes = ['a'.repeat(512), 'b'.repeat(512)];
    expect(makeUploader({ keyPrefixes })).not.toThrow();
    expect(refusal(makeUploader({ keyPrefixes: [...keyPrefixes, 'c'] }))).toBe(
      'keyPrefixes has 1025 characters in total: it must have at most 1,024',
    );
  });

  it('make the same template as a single prefix', () => {
    const templateOf = (props: Props) => Template.fromStack(makeFromStack(props)()).toJSON();
    expect(templateOf({ keyPrefixes: ['photos/'] })).toEqual(templateOf({ keyPrefix: 'photos/' }));
  });
});

describe('ARNs of roles', () => {
  const arns = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `arn:aws:iam::111122223333:role/${'x'.repeat(64 - 2)}${at + 10}`);
  const sizesOf = (template: Template, type: string): number[] =>
    Object.values(template.findResources(type)).map(
      ({ Properties }) => JSON.stringify((Properties as Props)['PolicyDocument']).length,
    );

  it('are as many as fit into the policies', () => {
    const template = Template.fromStack(
      makeStack({ operatorRoleArns: arns(60), trustedTaggerRoleArns: arns(10), forbidOverwrites: true }),
    );
    expect(Math.max(...sizesOf(template, 'AWS::SQS::QueuePolicy'))).toBeLessThan(8_192);
    expect(Math.max(...sizesOf(template, 'AWS::S3::BucketPolicy'))).toBeLessThan(20 * 1_024);
  });

  it.each([
    ['trustedTaggerRoleArns', arns(11)],
    ['operatorRoleArns', arns(70)],
  ])('are refused if they don’t fit: %s', (name, value) => {
    const message = refusal(makeFromStack({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} has ARNs of [0-9,]+ characters in total: a policy has room for `));
    expect(refusal(makeFromCommandLine({ [name]: value }))).toBe(message);
  });
});

describe('props that ask for nothing', () => {
  it('don’t contradict an existing bucket', () => {
    const props = { uploadOrigins: [], trustedTaggers: [], forbidOverwrites: false };
    const stack = new Stack(makeApp(), 'Kyc');
    const existingBucket = Bucket.fromBucketName(stack, 'Bucket', 'photos');
    expect(() => new LivePhotoUploader(stack, 'Uploader', { ...props, existingBucket })).not.toThrow();
    const ofStack = { uploadOrigins: [], trustedTaggerRoleArns: [], forbidOverwrites: false };
    expect(makeFromStack({ ...ofStack, existingBucket: 'photos' })).not.toThrow();
  });
});

describe('an unknown prop', () => {
  it.each([
    ['a construct', makeUploader({ keyprefix: 'photos/' }), 'Unknown prop keyprefix: choose from '],
    ['a stack', makeFromStack({ keyprefix: 'photos/' }), 'Unknown prop keyprefix: choose from '],
    ['the command line', makeFromCommandLine({ keyprefix: 'photos/' }), 'Unknown setting keyprefix: choose from '],
    ['a construct, with a setting’s name', makeUploader({ uploadedExpireDays: 1 }), 'Unknown prop uploadedExpireDays'],
  ])('of %s is refused', (_, make, message) => {
    expect(refusal(make)).toContain(message);
    expect(refusal(make)).toContain('keyPrefix');
  });

  it('is no prop of CDK’s stacks', () => {
    const env = { account: '111111111111', region: 'eu-west-2' };
    expect(new LivePhotosStack(makeApp(), 'Kyc', { env, terminationProtection: true }).region).toBe(env.region);
  });
});

describe('a token', () => {
  it('passes where its value is only written into the template', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    const parameter = (name: string) => new CfnParameter(stack, name).valueAsString;
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    new LivePhotoUploader(stack, 'Uploader', {
      bucketName: parameter('Bucket'),
      uploadOrigins: [`https://${parameter('Domain')}`],
      uploadedExpiration: Duration.days(days),
      complyCubeBaseUrl: parameter('BaseUrl'),
      alarmEmail: parameter('Email'),
      runbookUrl: parameter('Runbook'),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: { Ref: 'Bucket' },
      CorsConfiguration: { CorsRules: [{ AllowedOrigins: [{ 'Fn::Join': ['', ['https://', { Ref: 'Domain' }]] }] }] },
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: { Ref: 'Days' } })]) },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: { Ref: 'Email' } });
  });

  it('passes as a name or an ARN on the command line’s props, which are written into the template', () => {
    const later = (name: string): string => Fn.importValue(name);
    const template = Template.fromStack(
      makeStack({
        existingBucket: later('Bucket'),
        accessLogsBucket: later('Logs'),
        encryptionKeyArn: later('PhotosKey'),
        pipelineKeyArn: later('PipelineKey'),
        apiKeySecret: 'complycube/api-key',
        apiKeySecretKeyArn: later('SecretKey'),
        operatorRoleArns: [later('Operator')],
      }),
    );
    const text = JSON.stringify(template.toJSON());
    for (const name of ['Bucket', 'Logs', 'PhotosKey', 'PipelineKey', 'SecretKey', 'Operator']) {
      expect(text).toContain(`{"Fn::ImportValue":"${name}"}`);
    }
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: [{ 'Fn::ImportValue': 'Bucket' }] } } },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: { 'Fn::ImportValue': 'Logs' } },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: { 'Fn::ImportValue': 'PipelineKey' } });
  });

  it('passes as the ARN of a trusted tagger’s role', () => {
    const trustedTaggerRoleArns = [Fn.importValue('Tagger')];
    Template.fromStack(makeStack({ trustedTaggerRoleArns })).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: Match.stringLikeRegexp('^TaggersDontAdd'),
            Condition: { ArnEquals: { 'aws:PrincipalArn': [{ 'Fn::ImportValue': 'Tagger' }] } },
          }),
        ]),
      },
    });
  });

  it('passes as a number of days, and is refused in another unit', () => {
    const number = Lazy.number({ produce: () => 30 });
    expect(makeUploader({ rejectedExpiration: Duration.days(number) })).not.toThrow();
    expect(refusal(makeUploader({ rejectedExpiration: Duration.hours(number) }))).toBe(
      'rejectedExpiration (rejectedExpireDays) is a token: it must be in days, as Duration.days(token)',
    );
  });

  it('passes as the number of days that logs are kept', () => {
    expect(makeUploader({ logRetention: Lazy.number({ produce: () => 30 }) })).not.toThrow();
  });

  const text = Lazy.string({ produce: () => 'later' });
  const list = Fn.split(',', Fn.importValue('later'));

  it('passes as a whole list of origins, and is refused beside other origins', () => {
    expect(makeUploader({ uploadOrigins: list })).not.toThrow();
    expect(refusal(makeUploader({ uploadOrigins: ['https://a.example', ...list] }))).toBe(
      'uploadOrigins has the token of a list beside other values: pass it alone, or each value',
    );
  });

  it.each<[string, () => unknown]>([
    ['keyPrefix', makeUploader({ keyPrefix: text })],
    ['keyPrefixes', makeUploader({ keyPrefixes: ['photos/', text] })],
    ['keyPrefixes', makeUploader({ keyPrefixes: Lazy.list({ produce: () => ['later/'] }) })],
    ['keyPrefixes', makeUploader({ keyPrefixes: ['photos/', ...list] })],
    ['operatorRoleArns', makeFromStack({ operatorRoleArns: list })],
    ['trustedTaggerRoleArns', makeFromStack({ trustedTaggerRoleArns: list })],
    ['requestsPerSecond', makeUploader({ requestsPerSecond: Lazy.number({ produce: () => 5 }) })],
    ['maxConcurrency', makeUploader({ maxConcurrency: Lazy.number({ produce: () => 2 }) })],
    ['forbidOverwrites', makeUploader({ forbidOverwrites: Lazy.any({ produce: () => true }) })],
    ['apiKeySecret', makeFromStack({ apiKeySecret: text })],
    ['eventBus', makeFromStack({ eventBus: text })],
  ])('is refused by name where synthesis needs the value: %s', (name, make) => {
    expect(refusal(make)).toContain(`${name} is a token: it must be known at synthesis`);
  });
});

describe('two uploaders in one stack', () => {
  const stackOf = (...uploaders: LivePhotoUploaderProps[]): Stack => {
    const stack = new Stack(makeApp(), 'Kyc');
    const byName = Secret.fromSecretNameV2(stack, 'ByName', everyOption.apiKeySecret);
    const again = Secret.fromSecretNameV2(stack, 'Again', everyOption.apiKeySecret);
    const secrets: ISecret[] = [byName, again, again];
    for (const [at, props] of uploaders.entries()) {
      new LivePhotoUploader(stack, `Uploader${at}`, { apiKeySecret: secrets[at], ...props });
    }
    return stack;
  };
  const warning = (total: number) => Match.stringLikeRegexp(`share a secret, .* add up to ${total}`);

  it('get a warning if they share a secret and may together call ComplyCube too often', () => {
    const annotations = Annotations.fromStack(stackOf({ requestsPerSecond: 6 }, { requestsPerSecond: 5 }));
    annotations.hasWarning('/Kyc/Uploader1', warning(11));
    annotations.hasNoWarning('/Kyc/Uploader0', warning(11));
  });

  it.each([
    ['share one account’s limit', stackOf({ requestsPerSecond: 5 }, { requestsPerSecond: 5 })],
    ['have separate secrets', stackOf({ apiKeySecret: undefined }, { apiKeySecret: undefined })],
    ['are one', stackOf({ requestsPerSecond: 20 })],
  ])('get no warning if they %s', (_, stack) => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('share a secret'));
  });
});
