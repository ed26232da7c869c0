import { describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { readSettings, settingNames } from '../../bin/settings';
import type { Template as TemplateJson } from '../../local/pipeline/template';
import { account } from '../lib/deployed-template';
import { makeStack } from '../lib/stacks';
import { type Changes, compareTemplates } from './replacement';
import { codeOf, readTable } from './tables';

type Settings = Readonly<Record<string, string>>;

const key = (id: number): string =>
  `arn:aws:kms:${account.region}:${account.accountId}:key/1234abcd-12ab-34cd-56ef-12345678900${id}`;
const role = (name: string): string => `arn:aws:iam::${account.accountId}:role/${name}`;

/** Two values of each setting, other than its default. */
const values: Readonly<Record<string, readonly [string, string]>> = {
  stackName: ['Kyc', 'Kyc2'],
  tags: ['team=kyc', 'team=onboarding'],
  existingBucket: ['photos-of-kyc', 'photos-of-others'],
  bucketName: ['photos-of-kyc', 'photos-of-others'],
  encryptionKeyArn: [key(1), key(2)],
  keyPrefix: ['photos/', 'selfies/'],
  keyPrefixes: ['photos/,ids/', 'selfies/'],
  clientIdMetadata: ['user-id', 'customer-id'],
  forbidOverwrites: ['true', 'false'],
  uploadOrigins: ['https://a.example', 'https://b.example'],
  uploadedExpireDays: ['30', '31'],
  rejectedExpireDays: ['30', '31'],
  erasedExpireDays: ['30', '31'],
  trustedTaggerRoleArns: [role('a'), role('b')],
  apiKeySecret: ['key-of-kyc', 'key-of-others'],
  apiKeySecretKeyArn: [key(1), key(2)],
  pipelineKeyArn: [key(1), key(2)],
  accessLogsBucket: ['logs-of-kyc', 'logs-of-others'],
  complyCubeBaseUrl: ['https://a.example/v1', 'https://b.example/v1'],
  requestsPerSecond: ['6', '20'],
  maxConcurrency: ['5', '10'],
  performLivenessCheck: ['true', 'false'],
  operatorRoleArns: [role('a'), role('b')],
  evidenceRetentionDays: ['30', '365'],
  eventBus: ['kyc', 'others'],
  alarmEmail: ['a@example.com', 'b@example.com'],
  runbookUrl: ['https://a.example', 'https://b.example'],
  logRetention: ['30', '365'],
};
/** Settings that others require. */
const required: Readonly<Record<string, Settings>> = { apiKeySecretKeyArn: { apiKeySecret: 'key-of-kyc' } };

/** Settings that create or change resources that other settings change too. */
const further = {
  encryptionKeyArn: key(3),
  pipelineKeyArn: key(4),
  accessLogsBucket: 'logs',
  operatorRoleArns: role('c'),
  alarmEmail: 'c@example.com',
};
/** What a stack is configured with before a setting changes. */
const bases: readonly Settings[] = [{}, further, { ...further, existingBucket: 'photos' }];
const onlyForNewBucket: readonly string[] = [
  ...[
    'bucketName',
    'forbidOverwrites',
    'uploadOrigins',
    'uploadedExpireDays',
    'rejectedExpireDays',
    'erasedExpireDays',
  ],
  'trustedTaggerRoleArns',
];

/** The names of resources in the table, by the start of their logical IDs. The first that matches counts. */
const resourceNames: readonly (readonly [idStart: RegExp, name: string])[] = [
  [/^UploaderPhotoBucketPolicy/, "photo bucket's policy"],
  [/^UploaderPhotoBucket/, 'photo bucket'],
  [/^UploaderClaimsPolicy/, "claims bucket's policy"],
  [/^UploaderClaims/, 'claims bucket'],
  [/^Uploader(QueuesUpload|QueuesDeadLetter|UndeliveredEvents)Policy/, "queues' policies"],
  [/^UploaderQueuesUpload/, 'upload queue'],
  [/^UploaderQueuesDeadLetter/, 'dead-letter queue'],
  [/^UploaderUndeliveredEvents/, 'queue of undelivered events'],
  [/^UploaderObjectCreated/, 'EventBridge rule'],
  [/^UploaderApiKey.*Policy/, "API key's policy"],
  [/^UploaderApiKey/, 'API key'],
  [/^UploaderUploadRole/, "function's role"],
  [/^UploaderUploadUploadQueue/, 'event source mapping'],
  [/^UploaderUploadLogs/, 'log group'],
  [/^UploaderUploadFunction/, 'function'],
  [/^UploaderAlarmsTopic/, 'alarm topic'],
  [/^UploaderAlarms/, 'alarms'],
  [/^UploaderDashboard/, 'dashboard'],
];

function nameOf(id: string): string {
  const [, name] = resourceNames.find(([start]) => start.test(id)) ?? [];
  if (name === undefined) throw new Error(`The table has no name for ${id}`);
  return name;
}

interface SynthesizedStack {
  readonly name: string;
  readonly tags: string;
  readonly template: TemplateJson;
}

const synthesized = new Map<string, SynthesizedStack>();

function synthesizeStack(settings: Settings): SynthesizedStack {
  const id = JSON.stringify(settings);
  const known = synthesized.get(id) ?? synthesizeNew(settings);
  synthesized.set(id, known);
  return known;
}

function synthesizeNew(settings: Settings): SynthesizedStack {
  const stack = makeStack(readSettings(settings));
  const tags = JSON.stringify(stack.tags.tagValues());
  return { name: stack.stackName, tags, template: Template.fromStack(stack).toJSON() as TemplateJson };
}

/** What changing a setting of any base does: to the first value, to the second one, and back to the default. */
function changesOf(setting: string): Record<keyof Changes, string> {
  const [first = '', second = ''] = values[setting] ?? [];
  const pairs = bases
    .filter(({ existingBucket }) => existingBucket === undefined || !onlyForNewBucket.includes(setting))
    .flatMap((base) => {
      const others = {
        ...Object.fromEntries(Object.entries(base).filter(([name]) => name !== setting)),
        ...required[setting],
      };
      const versions = [others, { ...others, [setting]: first }, { ...others, [setting]: second }].map(synthesizeStack);
      return versions.flatMap((before) => versions.map((after) => [before, after] as const));
    });
  const none = { replaced: '', createdOrDeleted: '', updated: '' };
  // CloudFormation knows a stack by its name, and copies the tags of a stack to its resources.
  if (pairs.some(([before, after]) => before.name !== after.name)) return { ...none, replaced: 'everything' };
  if (pairs.some(([before, after]) => before.tags !== after.tags)) return { ...none, updated: 'everything' };
  const all = pairs.map(([before, after]) => compareTemplates(before.template, after.template));
  const namesOf = (kind: keyof Changes): string[] => [...new Set(all.flatMap((changes) => changes[kind]).map(nameOf))];
  const list = (kind: keyof Changes): string => namesOf(kind).sort().join(', ');
  return { replaced: list('replaced'), createdOrDeleted: list('createdOrDeleted'), updated: list('updated') };
}

describe('the table of what an upgrade changes', () => {
  const rows = readTable('docs/deploying.md', 'What changing a setting replaces');

  it('has one row for each setting, and no other row', () => {
    expect(rows.map((row) => codeOf(row['setting']))).toEqual(settingNames);
    expect(Object.keys(values)).toEqual(settingNames);
  });

  it.each(settingNames)('says what changing %s does', (setting) => {
    const row = rows.find((one) => codeOf(one['setting']) === setting) ?? {};
    const documented = {
      replaced: row['replaced'],
      createdOrDeleted: row['created or deleted'],
      updated: row['updated in place'],
    };
    expect(documented).toEqual(changesOf(setting));
  });
});
