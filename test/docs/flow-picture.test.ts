import { describe, expect, it } from '@jest/globals';
import { deploy } from '../lib/stacks';
import { boxOf, drawnOutside, drawnResources, drawnWays } from './flow-picture';
import { waysOf } from './template-ways';

const template = deploy({ alarmEmail: 'on-call@example.com' });

/** Resources that the pictures do not show as a box, and where they are instead. */
const notDrawn: Readonly<Record<string, string>> = {
  'AWS::IAM::ManagedPolicy': 'the table of permissions',
  'AWS::IAM::Role': 'the table of permissions',
  'AWS::Lambda::EventSourceMapping': 'an arrow',
  'AWS::Logs::QueryDefinition': 'saved text',
  'AWS::S3::BucketPolicy': 'the table of permissions',
  'AWS::SNS::Subscription': 'an arrow',
  'AWS::SNS::TopicPolicy': 'the table of permissions',
  'AWS::SQS::QueuePolicy': 'the table of permissions',
  'AWS::SecretsManager::ResourcePolicy': 'the table of permissions',
};

describe('the pictures of the flow and of the alarms', () => {
  it('show no resource that the stack does not have', () => {
    const labels = template.resources.map(({ type, id }) => boxOf(type, id)?.label);
    expect(drawnResources.map(({ label }) => label).filter((label) => !labels.includes(label))).toEqual([]);
  });

  it('show each resource of the stack, except policies, saved queries and resources that are arrows', () => {
    const missing = template.resources.filter(({ type, id }) => boxOf(type, id) === undefined);
    expect([...new Set(missing.map(({ type }) => type))].sort()).toEqual(Object.keys(notDrawn).sort());
  });

  it('have exactly the arrows of the template, and that of the app', () => {
    const byTheApp = 'app → UploaderPhotoBucket';
    expect([...drawnWays].sort()).toEqual([byTheApp, ...waysOf(template)].sort());
  });

  it('have arrows only between their boxes', () => {
    const boxes = [...drawnOutside, ...drawnResources.map(({ idStart }) => idStart)];
    const ends = new Set(drawnWays.flatMap((way) => way.split(' → ')));
    expect([...ends].sort()).toEqual(boxes.sort());
  });
});
