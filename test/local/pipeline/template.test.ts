import { beforeEach, describe, expect, it } from '@jest/globals';
import { DeployableTemplate, type TemplateResource } from '../../../local/pipeline/template';

describe('a deployable template', () => {
  let template: DeployableTemplate;
  const properties = (value: unknown): unknown => {
    const resource: TemplateResource = { Type: 'Test::Resource', Properties: { value }, Metadata: { path: 'here' } };
    const queue: TemplateResource = { Type: 'Test::Queue' };
    template = new DeployableTemplate({ Resources: { Queue: queue, Resource: resource, Other: queue } });
    template.register('Queue', { ref: 'http://queue', arn: 'arn:queue' });
    return (template.propertiesOf('Resource') as { value: unknown }).value;
  };

  beforeEach(() => {
    properties('');
  });

  it('lists its resources and their types', () => {
    expect(template.types).toEqual(new Set(['Test::Queue', 'Test::Resource']));
    expect(template.idsOf('Test::Queue')).toEqual(['Queue', 'Other']);
    expect(template.metadataOf('Resource', 'path')).toBe('here');
    expect(template.propertiesOf('Queue')).toEqual({});
  });

  it.each([
    ['a reference to a resource', { Ref: 'Queue' }, 'http://queue'],
    ['a reference to the region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['an ARN', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['a joined text', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Partition' }, 'b']] }, 'a/aws/b'],
    ['a substituted text', { 'Fn::Sub': '${AWS::AccountId}-${Queue}$' }, '000000000000-http://queue$'],
    ['nested values', [{ a: { Ref: 'Queue' }, b: 1 }, null], [{ a: 'http://queue', b: 1 }, null]],
    ['a single property that is not a reference', { Arn: 'x' }, { Arn: 'x' }],
  ])('resolves %s', (_, value, resolved) => {
    expect(properties(value)).toEqual(resolved);
  });

  it.each([
    ['a resource that is not deployed yet', { Ref: 'Other' }, 'Other is not deployed locally'],
    ['a resource that does not exist', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'Nobody is not deployed locally'],
    ['another attribute', { 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'Queue has no attribute QueueName locally'],
    ['another function', { 'Fn::Select': [0, ['a']] }, 'Fn::Select is not supported'],
    ['a substitution with variables', { 'Fn::Sub': ['${x}', { x: 'y' }] }, 'Fn::Sub is not supported'],
    ['a substituted attribute', { 'Fn::Sub': '${Queue.Arn}' }, 'Queue.Arn is not deployed locally'],
  ])('refuses %s', (_, value, message) => {
    expect(() => properties(value)).toThrow(message);
  });

  it('finds a deployed resource by its ARN', () => {
    expect(template.refOf('arn:queue')).toBe('http://queue');
    expect(() => template.refOf('arn:other')).toThrow('arn:other is not deployed locally');
  });
});
