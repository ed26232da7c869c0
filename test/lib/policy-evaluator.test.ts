import { describe, expect, it } from '@jest/globals';
import { type AccessRequest, isAllowed, type Statement } from './policy-evaluator';

const accountId = '111111111111';
const role = { kind: 'role', arn: `arn:aws:iam::${accountId}:role/app` } as const;
const request: AccessRequest = { principal: role, action: 's3:GetObject', resource: 'arn:aws:s3:::photos/a/b.jpg' };
const allow: Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' };
const deny: Statement = { ...allow, Effect: 'Deny' };
const forAll = { Principal: '*' } as const;

describe('a request', () => {
  it('is refused if no policy allows it', () => {
    expect(isAllowed(request, { accountId })).toBe(false);
  });

  it.each([
    ['the identity’s', { identity: [allow] }],
    ['the resource’s', { resource: [{ ...allow, Principal: { AWS: role.arn } }] }],
  ])('is allowed by only %s policy within an account', (_, policies) => {
    expect(isAllowed(request, { accountId, ...policies })).toBe(true);
  });

  it('requires both policies for a role of another account', () => {
    const foreign = { ...request, principal: { ...role, arn: 'arn:aws:iam::222222222222:role/app' } };
    const resource = [{ ...allow, ...forAll }];
    expect(isAllowed(foreign, { accountId, identity: [allow] })).toBe(false);
    expect(isAllowed(foreign, { accountId, resource })).toBe(false);
    expect(isAllowed(foreign, { accountId, identity: [allow], resource })).toBe(true);
  });

  it.each([
    ['the identity’s', { identity: [allow, deny] }],
    ['the resource’s', { identity: [allow], resource: [{ ...deny, ...forAll }] }],
  ])('is refused by a Deny in %s policy, even if another statement allows it', (_, policies) => {
    expect(isAllowed(request, { accountId, ...policies })).toBe(false);
  });

  it('of an anonymous caller has no identity policy', () => {
    const anonymous = { ...request, principal: { kind: 'anonymous' } } as const;
    expect(isAllowed(anonymous, { accountId, identity: [allow] })).toBe(false);
    expect(isAllowed(anonymous, { accountId, resource: [{ ...allow, Principal: { AWS: '*' } }] })).toBe(true);
  });

  it('of a service is allowed only by a statement for that service', () => {
    const resource = [{ ...allow, Principal: { Service: 's3.amazonaws.com' } }];
    const by = (name: string): AccessRequest => ({ ...request, principal: { kind: 'service', name } });
    expect(isAllowed(by('s3.amazonaws.com'), { accountId, resource })).toBe(true);
    expect(isAllowed(by('sns.amazonaws.com'), { accountId, resource })).toBe(false);
    expect(isAllowed(request, { accountId, resource })).toBe(false);
  });
});

describe('a statement', () => {
  it.each([
    ['s3:GetObject', true],
    ['s3:getobject', true],
    ['s3:Get*', true],
    ['s3:GetObjec?', true],
    ['s3:GetObject?', false],
    ['s3:GetObjectVersion', false],
    ['sqs:*', false],
  ])('about %s applies to s3:GetObject: %s', (Action, applies) => {
    expect(isAllowed(request, { accountId, identity: [{ ...allow, Action }] })).toBe(applies);
  });

  it.each([
    ['*', true],
    ['arn:aws:s3:::photos/*', true],
    ['arn:aws:s3:::photos/a/?.jpg', true],
    ['arn:aws:s3:::photos', false],
    ['arn:aws:s3:::photos/a/b-jpg', false],
    ['arn:aws:s3:::photos.*', false],
    ['arn:*/b.jpg', false],
  ])('about %s applies to arn:aws:s3:::photos/a/b.jpg: %s', (Resource, applies) => {
    expect(isAllowed(request, { accountId, identity: [{ ...allow, Resource }] })).toBe(applies);
  });

  it('with an unknown element is an error', () => {
    const statement = { ...allow, NotAction: 's3:PutObject' };
    expect(() => isAllowed(request, { accountId, identity: [statement] })).toThrow('NotAction');
  });

  it('of a resource’s policy with no principal, or of an unknown type, is an error', () => {
    expect(() => isAllowed(request, { accountId, resource: [allow] })).toThrow('no principal');
    const Principal = { Federated: 'accounts.example.com' };
    expect(() => isAllowed(request, { accountId, resource: [{ ...allow, Principal }] })).toThrow('Federated');
  });
});

describe('a condition', () => {
  const decide = (Condition: Statement['Condition'], context: AccessRequest['context']): boolean =>
    isAllowed({ ...request, context }, { accountId, identity: [{ ...allow, Condition }] });

  // Operator, the policy's value, a value that meets it, one that doesn't, whether a missing key meets it.
  it.each([
    ['StringEquals', 'a', 'a', 'A', false],
    ['StringNotEquals', 'a', 'b', 'a', true],
    ['StringLike', 'a*', 'abc', 'bca', false],
    ['ArnLike', 'arn:aws:s3:::a*', 'arn:aws:s3:::abc', 'arn:aws:s3:eu-west-1::abc', false],
    ['ArnEquals', 'arn:aws:s3:::a*', 'arn:aws:s3:::abc', 'arn:aws:s3:::b', false],
    ['ArnNotEquals', 'arn:aws:s3:::a', 'arn:aws:s3:::b', 'arn:aws:s3:::a', true],
    ['Bool', 'false', 'false', 'true', false],
    ['NumericLessThan', '1.2', '1.1', '1.2', false],
    ['Null', 'false', 'anything', undefined, false],
    ['Null', 'true', undefined, 'anything', true],
    ['ForAnyValue:StringLike', 'a*', ['b', 'abc'], ['b', 'c'], false],
  ])('%s %s is met by %j, not by %j, and by a missing key: %s', (operator, named, matching, other, isMetWithout) => {
    const condition = { [operator]: { 'x:Key': named } };
    const withValue = (value: string | string[] | undefined): AccessRequest['context'] =>
      value === undefined ? {} : { 'x:key': value };
    expect(decide(condition, withValue(matching))).toBe(true);
    expect(decide(condition, withValue(other))).toBe(false);
    expect(decide(condition, {})).toBe(isMetWithout);
  });

  it('requires one of several values, and all of several keys and operators', () => {
    expect(decide({ StringEquals: { 'x:a': ['1', '2'] } }, { 'x:a': '2' })).toBe(true);
    expect(decide({ StringEquals: { 'x:a': '1', 'x:b': '1' } }, { 'x:a': '1' })).toBe(false);
    expect(decide({ StringEquals: { 'x:a': '1' }, Bool: { 'x:b': 'true' } }, { 'x:a': '1' })).toBe(false);
    expect(decide({ StringNotEquals: { 'x:a': ['1', '2'] } }, { 'x:a': '2' })).toBe(false);
  });

  it('can compare with another key of the request, if that exists', () => {
    const condition = { StringNotEquals: { 'x:a': '${x:b}' }, Null: { 'x:b': 'false' } };
    expect(decide(condition, { 'x:a': '1', 'x:b': '1' })).toBe(false);
    expect(decide(condition, { 'x:a': '2', 'x:b': '1' })).toBe(true);
    expect(decide(condition, { 'x:b': '1' })).toBe(true);
    expect(decide(condition, { 'x:a': '1' })).toBe(false);
    expect(() => decide({ StringNotEquals: { 'x:a': '${x:b}' } }, { 'x:a': '1' })).toThrow('${x:b}');
  });

  it('has the ARN of the calling role', () => {
    expect(decide({ ArnLike: { 'aws:PrincipalArn': role.arn } }, {})).toBe(true);
    expect(decide({ ArnNotEquals: { 'aws:PrincipalArn': role.arn } }, {})).toBe(false);
  });

  it('knows that only services are services', () => {
    const condition = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };
    const isMetFor = (principal: AccessRequest['principal']): boolean =>
      !isAllowed(
        { ...request, principal },
        {
          accountId,
          resource: [
            { ...allow, ...forAll },
            { ...deny, ...forAll, Condition: condition },
          ],
        },
      );
    expect(isMetFor(role)).toBe(true);
    expect(isMetFor({ kind: 'service', name: 's3.amazonaws.com' })).toBe(false);
    expect(isMetFor({ kind: 'anonymous' })).toBe(false);
  });

  it('with an unknown operator, or an operator for one value on a key with several, is an error', () => {
    expect(() => decide({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, {})).toThrow('IpAddress');
    expect(() => decide({ StringLike: { 'x:keys': 'a' } }, { 'x:keys': ['a', 'b'] })).toThrow('ForAnyValue');
  });
});
