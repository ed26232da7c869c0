import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { environmentNames } from '../../contract/environment';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
import { ConfigurationError } from '../../lib/validate-props';
import { account, DeployedTemplate } from './deployed-template';
import { mayFunction } from './policies';
import { deploy, everyOption, makeApp, makeStack } from './stacks';

const keyArn = everyOption.encryptionKeyArn;

/** The template of a stack that creates or imports some constructs and passes them to an uploader. */
function deployWith(make: (stack: Stack) => LivePhotoUploaderProps): DeployedTemplate {
  const stack = new Stack(makeApp(), 'Kyc');
  new LivePhotoUploader(stack, 'Uploader', make(stack));
  return new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
}

function variablesOf(template: DeployedTemplate): Readonly<Record<string, string>> {
  const { Variables } = template.the('AWS::Lambda::Function').properties['Environment'] as {
    readonly Variables: Readonly<Record<string, string>>;
  };
  return Variables;
}

describe('a secret with a customer managed key', () => {
  it('is decrypted by the function if the secret carries its key', () => {
    const template = deployWith((stack) => ({
      // CDK declares `secretFullArn` differently in the two types, which matters only to `exactOptionalPropertyTypes`.
      apiKeySecret: new Secret(stack, 'Secret', {
        encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn),
      }) as ISecret,
    }));
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(true);
  });

  it('is decrypted by the function if the key is passed beside a secret that was imported by its name', () => {
    const template = deployWith((stack) => ({
      apiKeySecret: Secret.fromSecretNameV2(stack, 'Secret', 'complycube/api-key'),
      apiKeySecretKey: Key.fromKeyArn(stack, 'Key', keyArn),
    }));
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(true);
  });

  it('can’t be combined with the secret that the stack creates', () => {
    const make = () => makeStack({ apiKeySecretKeyArn: keyArn });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow('apiKeySecretKey (apiKeySecretKeyArn) needs apiKeySecret');
  });
});

it('photos that are encrypted with a former key can be decrypted after the key’s grant', () => {
  const formerArn = everyOption.apiKeySecretKeyArn;
  const stack = new Stack(makeApp(), 'Kyc');
  const encryptionKey = Key.fromKeyArn(stack, 'Current', keyArn);
  const uploader = new LivePhotoUploader(stack, 'Uploader', { encryptionKey });
  Key.fromKeyArn(stack, 'Former', formerArn).grantDecrypt(uploader.function);
  const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
  expect([keyArn, formerArn].map((arn) => mayFunction(template, 'kms:Decrypt', arn))).toEqual([true, true]);
});

describe('an existing bucket with a customer managed key', () => {
  const importBucket = (stack: Stack) =>
    Bucket.fromBucketAttributes(stack, 'Bucket', {
      bucketName: 'existing-photos',
      encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn),
    });

  it('is decrypted by the function', () => {
    const template = deployWith((stack) => ({ existingBucket: importBucket(stack) }));
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(true);
  });

  it('is decrypted with the key of the prop instead, if there is one', () => {
    const otherArn = everyOption.apiKeySecretKeyArn;
    const template = deployWith((stack) => ({
      existingBucket: importBucket(stack),
      encryptionKey: Key.fromKeyArn(stack, 'Other', otherArn),
    }));
    expect(mayFunction(template, 'kms:Decrypt', otherArn)).toBe(true);
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(false);
  });
});

describe('an alias', () => {
  const arn = keyArn.replace(/key\/.*/, 'alias/photos');
  const byName = (stack: Stack) => Alias.fromAliasName(stack, 'Alias', 'alias/photos');
  const byArn = (stack: Stack) => Key.fromKeyArn(stack, 'Alias', arn);
  const secretCompleteArn = `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:key-AbCdEf`;

  it.each([byName, byArn])('is refused as a key, and as the key that a construct carries', (alias) => {
    const refused: [string, (stack: Stack, key: IKey) => LivePhotoUploaderProps][] = [
      ['encryptionKey (encryptionKeyArn)', (_, encryptionKey) => ({ encryptionKey })],
      ['pipelineKey (pipelineKeyArn)', (_, pipelineKey) => ({ pipelineKey })],
      [
        "existingBucket's key",
        (stack, encryptionKey) => ({
          existingBucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'photos', encryptionKey }),
        }),
      ],
      [
        "apiKeySecret's key",
        (stack, encryptionKey) => ({
          apiKeySecret: Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn, encryptionKey }),
        }),
      ],
    ];
    for (const [name, props] of refused) {
      expect(() => deployWith((stack) => props(stack, alias(stack)))).toThrow(
        `${name} is an alias: it must be the key`,
      );
    }
  });

  it('that a bucket carries is ignored if a prop names the key', () => {
    const template = deployWith((stack) => ({
      existingBucket: Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'photos',
        encryptionKey: byName(stack),
      }),
      encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn),
    }));
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(true);
  });
});

it.each<[string, (stack: Stack) => LivePhotoUploaderProps]>([
  [
    'apiKeySecret',
    (stack) => {
      const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key-AbCdEf';
      return { apiKeySecret: Secret.fromSecretCompleteArn(stack, 'Secret', arn) };
    },
  ],
  [
    'eventBus',
    (stack) => ({
      eventBus: EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:us-east-1:222222222222:event-bus/kyc'),
    }),
  ],
])('%s of another region is refused', (name, props) => {
  const stack = new Stack(makeApp(), 'Kyc', { env: { account: '111111111111', region: 'eu-west-2' } });
  expect(() => new LivePhotoUploader(stack, 'Uploader', props(stack))).toThrow(
    `${name} is in region us-east-1: it must be in the stack's region, which is eu-west-2, because the function calls AWS in its own region`,
  );
});

describe('an event bus', () => {
  const foreignArn = 'arn:aws:events:us-east-1:222222222222:event-bus/kyc';

  it.each<[string, DeployedTemplate]>([
    ['construct', deployWith((stack) => ({ eventBus: EventBus.fromEventBusArn(stack, 'Bus', foreignArn) }))],
    ['setting', deploy({ eventBus: foreignArn })],
  ])('of another account is addressed by its ARN, as a %s', (_, template) => {
    expect(variablesOf(template)[environmentNames.eventBusName]).toBe(foreignArn);
    expect(mayFunction(template, 'events:PutEvents', foreignArn)).toBe(true);
  });

  it.each([
    ['default', deploy()],
    ['kyc', deploy({ eventBus: 'kyc' })],
  ])('%s of this account is addressed by its ARN', (name, template) => {
    const arn = `arn:aws:events:${account.region}:${account.accountId}:event-bus/${name}`;
    expect(variablesOf(template)[environmentNames.eventBusName]).toBe(arn);
  });
});

describe('two uploaders in one stack', () => {
  const stack = new Stack(makeApp(), 'Kyc');
  new LivePhotoUploader(stack, 'Passports');
  new LivePhotoUploader(stack, 'Selfies');
  const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);

  it('share no names', () => {
    const names = template.resources.flatMap(({ type, properties }) =>
      ['BucketName', 'DashboardName', 'Name', 'QueueName', 'RuleName'].flatMap((property) =>
        property in properties ? [`${type} ${String(properties[property])}`] : [],
      ),
    );
    expect(names).toHaveLength(6);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have their paths in the names of their saved queries', () => {
    const names = template.ofType('AWS::Logs::QueryDefinition').map(({ properties }) => properties['Name']);
    expect(names).toContain('Kyc/Passports/Find one photo');
    expect(names).toContain('Kyc/Selfies/Find one photo');
  });
});
