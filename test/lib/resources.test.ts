import { describe, expect, it } from '@jest/globals';
import type { DeployedTemplate } from './deployed-template';
import { resourcePolicy, rolePolicies } from './policies';
import type { Statement } from './policy-evaluator';
import { toList } from './policy-patterns';
import { deploy, everyOption, existingBucket } from './stacks';

const ofDefaults = deploy();
const ofEveryOption = deploy(everyOption);
const ofExistingBucket = deploy(existingBucket);
const configurations: [string, DeployedTemplate][] = [
  ['by default', ofDefaults],
  ['with every option on', ofEveryOption],
  ['for an existing bucket', ofExistingBucket],
];

const always = [
  ...[
    'AccountFault',
    'DeadLetters',
    'FunctionErrors',
    'Throttles',
    'Timeouts',
    'ManyRejections',
    'OldEvents',
    'RateLimited',
    'RefusedPhotos',
  ].map((alarm) => `AWS::CloudWatch::Alarm UploaderAlarms${alarm}`),
  'AWS::CloudWatch::Dashboard UploaderDashboard',
  'AWS::IAM::Policy UploaderUploadRoleTracing',
  'AWS::IAM::Role UploaderUploadRole',
  'AWS::Lambda::EventSourceMapping UploaderUploadUploadQueue',
  'AWS::Lambda::Function UploaderUploadFunction',
  'AWS::Logs::LogGroup UploaderUploadLogs',
  ...['Findonephoto', 'Rejectionsbyreason', 'Slowestuploads'].map(
    (query) => `AWS::Logs::QueryDefinition Uploader${query}`,
  ),
  'AWS::S3::Bucket UploaderClaims',
  'AWS::S3::BucketPolicy UploaderClaimsPolicy',
  'AWS::SQS::Queue UploaderQueuesDeadLetter',
  'AWS::SQS::Queue UploaderQueuesUpload',
  'AWS::SQS::QueuePolicy UploaderQueuesDeadLetterPolicy',
  'AWS::SQS::QueuePolicy UploaderQueuesUploadPolicy',
];
const withOwnBucket = ['AWS::S3::Bucket UploaderPhotoBucket', 'AWS::S3::BucketPolicy UploaderPhotoBucketPolicy'];
const withAlarmEmail = [
  'AWS::SNS::Subscription UploaderAlarmsTopiconcallexamplecom',
  'AWS::SNS::Topic UploaderAlarmsTopic',
  'AWS::SNS::TopicPolicy UploaderAlarmsTopicPolicy',
];
const withOwnSecret = [
  'AWS::SecretsManager::ResourcePolicy UploaderApiKeyPolicy',
  'AWS::SecretsManager::Secret UploaderApiKeySecret',
];

describe('the stack', () => {
  it.each([
    ['by default', ofDefaults, [...withOwnBucket, ...withOwnSecret]],
    ['with every option on', ofEveryOption, [...withOwnBucket, ...withAlarmEmail]],
    ['for an existing bucket', ofExistingBucket, ['AWS::Events::Rule UploaderObjectCreated', ...withOwnSecret]],
  ])('has exactly these resources, %s', (_, template, more) => {
    const resources = template.resources.map(({ type, id }) => `${type} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(resources.sort()).toEqual([...always, ...more].sort());
  });

  it.each(configurations)('sets no physical names except configured ones, %s', (_, template) => {
    // Properties that refer to another resource, and required names that need not be unique.
    const noNames = [
      'AWS::CloudWatch::Alarm MetricName',
      'AWS::IAM::Policy PolicyName',
      'AWS::Lambda::EventSourceMapping FunctionName',
      'AWS::Logs::QueryDefinition Name',
      'AWS::SNS::Topic DisplayName',
    ];
    const names = template.resources.flatMap(({ type, properties }) =>
      Object.keys(properties).flatMap((property) => (property.endsWith('Name') ? `${type} ${property}` : [])),
    );
    const configured = template === ofEveryOption ? ['AWS::S3::Bucket BucketName'] : [];
    expect(names.filter((name) => !noNames.includes(name))).toEqual(configured);
  });
});

const roleStatements = [
  'Allow ReadAndTagPhotos: s3:GetObject s3:GetObjectTagging s3:PutObjectTagging',
  'Allow ReadAndTagPhotoVersions: s3:GetObjectVersion s3:GetObjectVersionTagging s3:PutObjectVersionTagging',
  'Allow TellGoneFromForbidden: s3:ListBucket',
  'Allow TellReleasedFromForbidden: s3:ListBucket',
  'Allow ClaimPhotos: s3:DeleteObject s3:GetObject s3:PutObject',
  'Allow ReceiveAndGiveBackMessages: sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
  'Allow DeadLetterWhatIsNoEvent: sqs:SendMessage',
  'Allow ReadTheApiKey: secretsmanager:GetSecretValue',
  'Allow PublishOutcomes: events:PutEvents',
  'Allow WriteLogs: logs:CreateLogStream logs:PutLogEvents',
];
const tracing = 'Allow WriteTraces: xray:PutTelemetryRecords xray:PutTraceSegments';

describe('the statements of the function’s role', () => {
  it.each([
    ['by default', ofDefaults, []],
    ['with every option on', ofEveryOption, ['Allow DecryptPhotos: kms:Decrypt']],
    ['for an existing bucket', ofExistingBucket, []],
  ])('allow exactly these actions, %s', (_, template, more) => {
    expect(lines(rolePolicies(template))).toEqual([...roleStatements, ...more, tracing]);
  });

  it.each([
    ['by default', ofDefaults, `${ofDefaults.the('AWS::S3::Bucket', 'UploaderPhotoBucket').arn}/*`],
    ['with every option on', ofEveryOption, 'arn:aws:s3:::kyc-photos/photos/*'],
    ['for an existing bucket', ofExistingBucket, 'arn:aws:s3:::existing-photos/photos/*'],
  ])('have a * in a resource only for objects, log streams and X-Ray, %s', (_, template, photos) => {
    const resources = rolePolicies(template).flatMap(({ Resource }) => toList(Resource));
    expect(resources.filter((resource) => resource.includes('*'))).toEqual([
      photos,
      photos,
      `${template.the('AWS::S3::Bucket', 'UploaderClaims').arn}/*`,
      template.the('AWS::Logs::LogGroup').arn,
      '*',
    ]);
  });
});

const notOverTls = 'Deny: s3:*';
const protectingTags = [
  'Deny OnlyTheFunctionWritesOutcomes: s3:PutObject s3:PutObjectTagging s3:PutObjectVersionTagging',
  'Deny OnlyTheFunctionChangesOutcomes: s3:DeleteObjectTagging s3:DeleteObjectVersionTagging s3:PutObjectTagging s3:PutObjectVersionTagging',
];
const ofRule = 'Allow: sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage';

describe('the statements of the resources’ policies', () => {
  it.each([
    ['PhotoBucket', 'by default', ofDefaults, [notOverTls, notOverTls, ...protectingTags]],
    [
      'PhotoBucket',
      'with every option on',
      ofEveryOption,
      [notOverTls, notOverTls, 'Deny NoOverwrites: s3:PutObject', ...protectingTags],
    ],
    ['Claims', 'by default', ofDefaults, [notOverTls, notOverTls]],
    ['QueuesUpload', 'by default', ofDefaults, ['Deny: sqs:*', 'Allow PhotoBucketEvents: sqs:SendMessage']],
    ['QueuesUpload', 'for an existing bucket', ofExistingBucket, ['Deny: sqs:*', ofRule]],
    ['QueuesDeadLetter', 'by default', ofDefaults, ['Deny: sqs:*']],
    ['ApiKeySecret', 'by default', ofDefaults, ['Deny OnlyTheFunctionReadsTheKey: secretsmanager:GetSecretValue']],
  ])('of %s allow or deny exactly these actions, %s', (id, _, template, expected) => {
    const statements = template.resources
      .filter((resource) => resource.id.replace(/[0-9A-F]{8}$/, '') === `Uploader${id}`)
      .flatMap((resource) => resourcePolicy(template, resource));
    expect(lines(statements)).toEqual(expected);
  });
});

/** A statement as one line. */
function lines(statements: readonly Statement[]): string[] {
  return statements.map(
    ({ Effect, Sid, Action }) => `${Effect}${Sid === undefined ? '' : ` ${Sid}`}: ${toList(Action).join(' ')}`,
  );
}
