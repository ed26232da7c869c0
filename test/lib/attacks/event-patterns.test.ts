import { describe, expect, it } from '@jest/globals';
import { fillNames } from '../../docs/documented-policies';
import { readJsonBlock } from '../../docs/documents';
import { isLike } from '../../../cli/policy/patterns';
import { attemptsWith } from './attempts';
import { type Configuration, configurations, type Target, targetOf } from './configurations';

/** An event pattern: fields with the values that match, or alternatives. */
interface Pattern {
  readonly [field: string]: Pattern | readonly (string | { readonly wildcard: string })[] | readonly Pattern[];
}
interface TrailEvent {
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters: Readonly<Record<string, string>>;
}

type Named = Pick<Target, 'name' | 'resource'>;

const another: Named = { name: 'another', resource: 'another' };

const patterns = [
  'Pattern for buckets and API key',
  'Pattern for queues and rule',
  'Pattern for function and role',
].map((heading) => readJsonBlock('docs/security.md', heading) as Pattern & { readonly detail: Pattern });

/** Calls whose name in CloudTrail is not that of the permission. */
const eventNames: Readonly<Record<string, readonly string[]>> = {
  's3:PutLifecycleConfiguration': ['PutBucketLifecycle', 'DeleteBucketLifecycle'],
  's3:PutBucketOwnershipControls': ['PutBucketOwnershipControls', 'DeleteBucketOwnershipControls'],
  'lambda:UpdateFunctionCode': ['UpdateFunctionCode20150331v2'],
  'lambda:UpdateFunctionConfiguration': ['UpdateFunctionConfiguration20150331v2'],
  'lambda:CreateFunction': ['CreateFunction20150331'],
};

/** The request parameter that names the resource, and whether it is a name, an ARN or either. */
const parameters: Readonly<Record<string, readonly [parameter: string, ...kinds: (keyof Named)[]]>> = {
  s3: ['bucketName', 'name'],
  secretsmanager: ['secretId', 'name', 'resource'],
  'secretsmanager:CreateSecret': ['name', 'name'],
  sqs: ['queueUrl', 'name'],
  events: ['name', 'name'],
  'events:PutTargets': ['rule', 'name'],
  'events:RemoveTargets': ['rule', 'name'],
  lambda: ['functionName', 'name', 'resource'],
  'lambda:CreateFunction': ['role', 'resource'],
  iam: ['roleName', 'name'],
};

/** The events that CloudTrail can record for a call. @throws if the test does not know the service. */
function eventsOf(action: string, named: Named): TrailEvent[] {
  const [service = '', name = ''] = action.split(':');
  const [parameter, ...kinds] = parameters[action] ?? parameters[service] ?? [];
  if (parameter === undefined) throw new Error(`The test does not know how CloudTrail records ${action}`);
  return (eventNames[action] ?? [name]).flatMap((eventName) =>
    kinds.map((kind) => ({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      requestParameters: { [parameter]: named[kind] },
    })),
  );
}

function matches(pattern: Pattern, event: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return (wanted as readonly Pattern[]).some((one) => matches(one, event));
    const value = event[field];
    if (!Array.isArray(wanted)) return matches(wanted as Pattern, (value ?? {}) as Record<string, unknown>);
    const texts = wanted as readonly (string | { readonly wildcard: string })[];
    return (
      typeof value === 'string' &&
      texts.some((one) => (typeof one === 'string' ? one === value : isLike(one.wildcard, value)))
    );
  });
}

/** The documented patterns with the names of a stack. */
function patternsFor(configuration: Configuration) {
  const nameOf = (what: keyof Configuration['targets']): string => configuration.targets[what]?.name ?? 'none';
  const names = {
    PHOTO_BUCKET: nameOf('photo bucket'),
    CLAIMS_BUCKET: nameOf('claims bucket'),
    API_KEY_SECRET_NAME: nameOf('API key'),
    UPLOAD_QUEUE_URL: nameOf('upload queue'),
    DEAD_LETTER_QUEUE_URL: nameOf('dead-letter queue'),
    UNDELIVERED_EVENTS_QUEUE_URL: nameOf('undelivered-events queue'),
    RULE_NAME: nameOf('rule'),
    FUNCTION_NAME: nameOf('function'),
    FUNCTION_ROLE_ARN: targetOf(configuration, 'role').resource,
    FUNCTION_ROLE_NAME: nameOf('role'),
  };
  return patterns.map((pattern) => fillNames(pattern, names));
}

const detectedIn = ({ settings }: Configuration) =>
  attemptsWith(settings).filter(([, , , , expected]) => expected === 'detected');

describe.each(configurations)('the documented event patterns, with %s', (_, configuration) => {
  const filled = patternsFor(configuration);
  const isMatched = (event: TrailEvent): boolean => filled.some(({ detail }) => matches(detail, { ...event }));

  it.each(detectedIn(configuration))('match the %s’s %s on the %s, and not on another resource', (__, action, on) => {
    for (const event of eventsOf(action, targetOf(configuration, on))) expect(isMatched(event)).toBe(true);
    for (const event of eventsOf(action, another)) expect(isMatched(event)).toBe(false);
  });

  it('match another function that gets the function’s role later', () => {
    const { resource: role } = targetOf(configuration, 'role');
    const [event] = eventsOf('lambda:UpdateFunctionConfiguration', another);
    expect(event && isMatched({ ...event, requestParameters: { ...event.requestParameters, role } })).toBe(true);
  });

  it('are each short enough for a rule', () => {
    for (const pattern of filled) expect(JSON.stringify(pattern, undefined, 2).length).toBeLessThanOrEqual(2_048);
  });
});

describe('the documented event patterns', () => {
  it('name no call that is not in the table of attacks', () => {
    const known = configurations.flatMap(([, configuration]) =>
      detectedIn(configuration).flatMap(([, action]) =>
        eventsOf(action, another).map(({ eventSource, eventName }) => `${eventSource} ${eventName}`),
      ),
    );
    const named = patterns.flatMap(({ detail }) =>
      (detail['$or'] as readonly { eventSource: string[]; eventName: string[] }[]).flatMap(
        ({ eventSource: [source], eventName }) => eventName.map((name) => `${String(source)} ${name}`),
      ),
    );
    expect([...new Set(named)].sort()).toEqual([...new Set(known)].sort());
  });
});
