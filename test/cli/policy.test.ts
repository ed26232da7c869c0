import { describe, expect, it } from '@jest/globals';
import type { Conditions } from '../../cli/policy/conditions';
import { decide, type Decision, type Principal } from '../../cli/policy/decide';
import { parsePolicy, type PolicyStatement } from '../../cli/policy/statement';

const accountId = '111111111111';
const role = { kind: 'role', arn: `arn:aws:iam::${accountId}:role/app` } as const;
const foreign = { kind: 'role', arn: 'arn:aws:iam::222222222222:role/app' } as const;
const anonymous = { kind: 'anonymous' } as const;
const service = { kind: 'service', name: 's3.amazonaws.com' } as const;
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' } as const;
const deny = { ...allow, Effect: 'Deny' } as const;
const everyone = { Principal: '*' } as const;

interface Given {
  readonly by?: Principal;
  readonly identity?: readonly PolicyStatement[];
  readonly resource?: readonly PolicyStatement[];
  readonly action?: string;
  /** Other keys are not known. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

const decided = ({ by: principal = role, action = 's3:GetObject', context = {}, ...policies }: Given): Decision =>
  decide(
    { principal, action, resource: 'arn:aws:s3:::photos/a/b.jpg', valuesOf: (key) => context[key] },
    { accountId, ...policies },
  );

describe('a request', () => {
  it('is denied if no policy allows it', () => {
    expect(decided({})).toBe('denied');
  });

  it.each<[string, Given]>([
    ['the identity’s', { identity: [allow] }],
    ['the resource’s', { resource: [{ ...allow, Principal: { AWS: role.arn } }] }],
  ])('is allowed by only %s policy within an account', (_, policies) => {
    expect(decided(policies)).toBe('allowed');
  });

  it.each<[string, Given]>([
    ['the identity’s', { identity: [allow, deny] }],
    ['the resource’s', { identity: [allow], resource: [{ ...deny, ...everyone }] }],
    ['the resource’s', { identity: [allow], resource: [{ ...deny, Principal: { AWS: accountId } }] }],
  ])('is denied by a Deny in %s policy, even if another statement allows it', (_, policies) => {
    expect(decided(policies)).toBe('denied');
  });

  it.each<[string, PolicyStatement]>([
    ['everyone', { ...allow, ...everyone }],
    ['the role', { ...allow, Principal: { AWS: [foreign.arn] } }],
    ['its account', { ...allow, Principal: { AWS: '222222222222' } }],
    ['its account by ARN', { ...allow, Principal: { AWS: 'arn:aws:iam::222222222222:root' } }],
  ])('of a role of another account requires both policies, with a statement for %s', (_, statement) => {
    expect(decided({ by: foreign, identity: [allow] })).toBe('denied');
    expect(decided({ by: foreign, resource: [statement] })).toBe('denied');
    expect(decided({ by: foreign, identity: [allow], resource: [statement] })).toBe('allowed');
  });

  it('is not allowed by a statement for the account, unless the role’s own policy allows it', () => {
    const resource = [{ ...allow, Principal: { AWS: accountId } }];
    expect(decided({ resource })).toBe('denied');
    expect(decided({ resource, identity: [allow] })).toBe('allowed');
  });

  it.each<[string, Decision, PolicyStatement[]]>([
    ['no statement', 'denied', []],
    ['a statement for the role', 'allowed', [{ Principal: { AWS: role.arn } }]],
    ['a statement for its account', 'allowed', [{ Principal: { AWS: `arn:aws:iam::${accountId}:root` } }]],
  ])('to a key with %s in its policy is %s, if the role’s own policy allows it', (_, decision, statements) => {
    const [identity, action] = [{ Effect: 'Allow', Action: 'kms:*' }, 'kms:Decrypt'];
    const resource = statements.map((statement) => ({ ...identity, ...statement }));
    expect(decided({ action, identity: [identity], resource })).toBe(decision);
  });

  it('of an anonymous caller has no identity policy', () => {
    expect(decided({ by: anonymous, identity: [allow] })).toBe('denied');
    expect(decided({ by: anonymous, resource: [{ ...allow, Principal: { AWS: '*' } }] })).toBe('allowed');
  });

  it('of a service is allowed only by a statement for that service', () => {
    const resource = [{ ...allow, Principal: { Service: ['sqs.amazonaws.com', 's3.amazonaws.com'] } }];
    expect(decided({ by: service, resource })).toBe('allowed');
    expect(decided({ by: { kind: 'service', name: 'sns.amazonaws.com' }, resource })).toBe('denied');
    expect(decided({ resource })).toBe('denied');
  });

  it('of a service is denied by a Deny for everyone, and an Allow for everyone decides nothing', () => {
    const resource = [{ ...allow, Principal: { Service: service.name } }];
    expect(decided({ by: service, resource: [...resource, { ...deny, ...everyone }] })).toBe('denied');
    expect(decided({ by: service, resource: [{ ...allow, ...everyone }] })).toBe('unknown');
  });
});

describe('a statement', () => {
  it.each([
    ['s3:GetObject', 'allowed'],
    ['s3:getobject', 'allowed'],
    ['s3:Get*', 'allowed'],
    ['s3:GetObjec?', 'allowed'],
    ['s3:GetObject?', 'denied'],
    ['s3:GetObjectVersion', 'denied'],
    ['sqs:*', 'denied'],
  ])('about the action %s: s3:GetObject is %s, and the opposite for all other actions', (pattern, decision) => {
    const opposite = decision === 'allowed' ? 'denied' : 'allowed';
    expect(decided({ identity: [{ ...allow, Action: pattern }] })).toBe(decision);
    expect(decided({ identity: [{ Effect: 'Allow', NotAction: pattern, Resource: allow.Resource }] })).toBe(opposite);
  });

  it.each([
    ['*', 'allowed'],
    ['arn:aws:s3:::photos/*', 'allowed'],
    ['arn:aws:s3:::photos/a/?.jpg', 'allowed'],
    ['arn:aws:s3:::photos', 'denied'],
    ['arn:aws:s3:::photos/a/b-jpg', 'denied'],
    ['arn:aws:s3:::photos.*', 'denied'],
    ['arn:*/b.jpg', 'denied'],
  ])('about the resource %s: a request for an object is %s', (pattern, decision) => {
    const opposite = decision === 'allowed' ? 'denied' : 'allowed';
    expect(decided({ identity: [{ ...allow, Resource: pattern }] })).toBe(decision);
    expect(decided({ identity: [{ Effect: 'Allow', Action: allow.Action, NotResource: pattern }] })).toBe(opposite);
  });

  it.each([
    ['no principal', deny],
    ['all other principals', { ...deny, NotPrincipal: { AWS: role.arn } }],
    ['a principal of a type that is not known', { ...deny, Principal: { Federated: 'accounts.example.com' } }],
    ['an element that is not known', { ...deny, ...everyone, Unless: 'monday' }],
    [
      'an operator that is not known',
      { ...deny, ...everyone, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    ],
    ['a key that is not known', { ...deny, ...everyone, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
  ])('with %s decides nothing, unless it is for another action', (_, statement) => {
    expect(decided({ identity: [allow], resource: [statement] })).toBe('unknown');
    expect(decided({ identity: [allow], resource: [{ ...statement, Action: 's3:PutObject' }] })).toBe('allowed');
    expect(
      decided({
        resource: [
          { ...statement, Effect: 'Allow' },
          { ...deny, ...everyone },
        ],
      }),
    ).toBe('denied');
    // Nothing allows it anyway.
    expect(decided({ resource: [statement] })).toBe('denied');
  });
});

describe('a condition', () => {
  const met = (Condition: Conditions, context: Given['context']): Decision =>
    decided({ identity: [{ ...allow, Condition }], context: context ?? {} });

  // Operator, the policy's value, a value that meets it, one that doesn't, whether a missing key meets it.
  it.each([
    ['StringEquals', 'a', ['a'], ['A'], 'denied'],
    ['StringEqualsIfExists', 'a', ['a'], ['b'], 'allowed'],
    ['StringEqualsIgnoreCase', 'a', ['A'], ['b'], 'denied'],
    ['StringNotEquals', 'a', ['b'], ['a'], 'allowed'],
    ['StringLike', 'a*', ['abc'], ['bca'], 'denied'],
    ['StringNotLike', 'a*', ['bca'], ['abc'], 'allowed'],
    ['ArnLike', 'arn:aws:s3:::a*', ['arn:aws:s3:::abc'], ['arn:aws:s3:eu-west-1::abc'], 'denied'],
    ['ArnEquals', 'arn:aws:s3:::a*', ['arn:aws:s3:::abc'], ['arn:aws:s3:::b'], 'denied'],
    ['ArnNotEquals', 'arn:aws:s3:::a', ['arn:aws:s3:::b'], ['arn:aws:s3:::a'], 'allowed'],
    ['ArnNotLike', 'arn:aws:s3:::a*', ['arn:aws:s3:::b'], ['arn:aws:s3:::ab'], 'allowed'],
    ['Bool', false, ['false'], ['true'], 'denied'],
    ['NumericLessThan', 1.2, ['1.1'], ['1.2'], 'denied'],
    ['Null', 'false', ['anything'], [], 'denied'],
    ['Null', 'true', [], ['anything'], 'allowed'],
    ['ForAnyValue:StringLike', 'a*', ['b', 'abc'], ['b', 'c'], 'denied'],
    ['ForAnyValue:StringNotLike', 'a*', ['b', 'abc'], ['ab', 'ac'], 'denied'],
    ['ForAllValues:StringLike', 'a*', ['a', 'abc'], ['a', 'c'], 'allowed'],
  ])('%s %s is met by %j, not by %j, and with a missing key it is %s', (operator, named, matching, other, without) => {
    const condition = { [operator]: { 'x:Key': named } };
    expect(met(condition, { 'x:key': matching })).toBe('allowed');
    expect(met(condition, { 'x:key': other })).toBe('denied');
    expect(met(condition, { 'x:key': [] })).toBe(without);
    expect(met(condition, {})).toBe('unknown');
  });

  it('requires one of several values, and all of several keys and operators', () => {
    expect(met({ StringEquals: { 'x:a': ['1', '2'] } }, { 'x:a': ['2'] })).toBe('allowed');
    expect(met({ StringEquals: { 'x:a': '1', 'x:b': '1' } }, { 'x:a': ['1'], 'x:b': [] })).toBe('denied');
    expect(met({ StringEquals: { 'x:a': '1' }, Bool: { 'x:b': 'true' } }, { 'x:a': ['1'], 'x:b': [] })).toBe('denied');
    expect(met({ StringNotEquals: { 'x:a': ['1', '2'] } }, { 'x:a': ['2'] })).toBe('denied');
    // One condition that is not met is enough.
    expect(met({ StringEquals: { 'x:a': '1', 'x:unknown': '1' } }, { 'x:a': ['2'] })).toBe('denied');
  });

  it('can compare with another key of the request, if its value is known', () => {
    const condition = { StringNotEquals: { 'x:a': '${x:b}' }, Null: { 'x:b': 'false' } };
    expect(met(condition, { 'x:a': ['1'], 'x:b': ['1'] })).toBe('denied');
    expect(met(condition, { 'x:a': ['2'], 'x:b': ['1'] })).toBe('allowed');
    expect(met(condition, { 'x:a': [], 'x:b': ['1'] })).toBe('allowed');
    expect(met(condition, { 'x:a': ['1'], 'x:b': [] })).toBe('denied');
    for (const text of ['${x:b}', 'a-${x:a}'])
      expect(met({ StringNotEquals: { 'x:a': text } }, { 'x:a': ['1'], 'x:b': [] })).toBe('unknown');
  });

  it('has the ARN and the account of a calling role', () => {
    expect(met({ ArnLike: { 'aws:PrincipalArn': role.arn } }, {})).toBe('allowed');
    expect(met({ ArnNotEquals: { 'aws:PrincipalArn': role.arn } }, {})).toBe('denied');
    expect(met({ StringEquals: { 'aws:PrincipalAccount': accountId } }, {})).toBe('allowed');
  });

  it.each<[Principal, Decision]>([
    [role, 'denied'],
    [service, 'allowed'],
    // An anonymous request does not have the key.
    [anonymous, 'allowed'],
  ])('knows whether %j is a service', (by, decision) => {
    const Condition = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };
    const Principal = { AWS: '*', Service: service.name };
    expect(
      decided({
        by,
        resource: [
          { ...allow, Principal },
          { ...deny, Principal, Condition },
        ],
      }),
    ).toBe(decision);
  });

  it('knows that services and anonymous callers have no ARN, and belong to no organization', () => {
    const Principal = { AWS: '*', Service: service.name };
    for (const key of ['aws:PrincipalArn', 'aws:PrincipalOrgID', 'aws:PrincipalAccount']) {
      const Condition = { StringNotLike: { [key]: '*' } };
      for (const by of [service, anonymous])
        expect(decided({ by, resource: [{ ...allow, Principal, Condition }] })).toBe('allowed');
    }
  });

  it('with an operator for one value decides nothing about a key with several', () => {
    expect(met({ StringLike: { 'x:keys': 'a' } }, { 'x:keys': ['a', 'b'] })).toBe('unknown');
  });
});

it('parses a policy whose statement is no array', () => {
  expect(parsePolicy('{"Statement":{"Effect":"Deny"}}')).toEqual([{ Effect: 'Deny' }]);
});
