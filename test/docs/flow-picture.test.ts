import { describe, expect, it } from '@jest/globals';
import { deploy } from '../lib/stacks';
import { boxOf, drawnOutside, drawnResources, drawnWays } from './flow-picture';
import { waysOf } from './template-ways';

const template = deploy({ alarmEmail: 'on-call@example.com' });

/** Resources that the picture does without, and why. */
const notDrawn: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy': 'the table of permissions',
  'AWS::IAM::Role': 'the table of permissions',
  'AWS::Lambda::EventSourceMapping': 'an arrow',
  'AWS::Logs::QueryDefinition': 'saved text',
  'AWS::S3::BucketPolicy': 'the table of permissions',
  'AWS::SNS::Subscription': 'an arrow',
  'AWS::SNS::TopicPolicy': 'the table of permissions',
  'AWS::SQS::QueuePolicy': 'the table of permissions',
  'AWS::SecretsManager::ResourcePolicy': 'the table of permissions',
};

describe('the picture of the flow', () => {
  it('shows no resource that the stack has not', () => {
    const standing = template.resources.map(({ type, id }) => boxOf(type, id)?.label);
    expect(drawnResources.map(({ label }) => label).filter((label) => !standing.includes(label))).toEqual([]);
  });

  it('shows each resource of the stack, but policies and what is an arrow', () => {
    const missing = template.resources.filter(({ type, id }) => boxOf(type, id) === undefined);
    expect([...new Set(missing.map(({ type }) => type))].sort()).toEqual(Object.keys(notDrawn).sort());
  });

  it('has an arrow for each way that the template makes, and no other but the app’s', () => {
    const byTheApp = 'app → UploaderPhotoBucket';
    expect([...drawnWays].sort()).toEqual([byTheApp, ...waysOf(template)].sort());
  });

  it('has arrows between its boxes alone', () => {
    const boxes = [...drawnOutside, ...drawnResources.map(({ idStart }) => idStart)];
    const ends = new Set(drawnWays.flatMap((way) => way.split(' → ')));
    expect([...ends].sort()).toEqual(boxes.sort());
  });
});
