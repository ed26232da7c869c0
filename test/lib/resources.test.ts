import { describe, expect, it } from '@jest/globals';
import type { DeployedTemplate } from './deployed-template';
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
    'FailedErasures',
    'FunctionErrors',
    'InFlight',
    'NotReceived',
    'Throttles',
    'Timeouts',
    'ManyRejections',
    'OldEvents',
    'RateLimited',
    'RefusedPhotos',
  ].map((alarm) => `AWS::CloudWatch::Alarm UploaderAlarms${alarm}`),
  'AWS::CloudWatch::Dashboard UploaderDashboard',
  ...['Photos', 'Pipeline', 'Tracing'].map((policy) => `AWS::IAM::ManagedPolicy UploaderUploadRole${policy}`),
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
const withExistingBucket = [
  'AWS::Events::Rule UploaderObjectCreated',
  'AWS::SQS::Queue UploaderUndeliveredEvents',
  'AWS::SQS::QueuePolicy UploaderUndeliveredEventsPolicy',
];
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
    ['for an existing bucket', ofExistingBucket, [...withExistingBucket, ...withOwnSecret]],
  ])('has exactly these resources, %s', (_, template, more) => {
    const resources = template.resources.map(({ type, id }) => `${type} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(resources.sort()).toEqual([...always, ...more].sort());
  });

  it.each(configurations)('sets no physical names except configured ones, %s', (_, template) => {
    // Properties that refer to another resource, and required names that need not be unique.
    const noNames = [
      'AWS::CloudWatch::Alarm MetricName',
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
