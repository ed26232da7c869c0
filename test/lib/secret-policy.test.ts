import { describe, expect, it } from '@jest/globals';
import { account } from './deployed-template';
import { functionRole, resourcePolicy, rolePolicies, roleWithAll } from './policies';
import { isAllowed, type Principal, type Statement } from './policy-evaluator';
import { deploy, everyOption } from './stacks';

const template = deploy();
const secret = template.the('AWS::SecretsManager::Secret');

function may(principal: Principal, identity: Statement[], action: string): boolean {
  return isAllowed(
    { principal, action: `secretsmanager:${action}`, resource: secret.arn },
    { accountId: account.accountId, identity, resource: resourcePolicy(template, secret) },
  );
}

describe('the API key’s secret', () => {
  const administrator = roleWithAll('secretsmanager');
  const function_ = functionRole(template);

  it('is readable by the function', () => {
    expect(may(function_, rolePolicies(template), 'GetSecretValue')).toBe(true);
  });

  it('can be set but not read by an administrator', () => {
    expect(may(administrator.principal, administrator.identity, 'PutSecretValue')).toBe(true);
    expect(may(administrator.principal, administrator.identity, 'DescribeSecret')).toBe(true);
    expect(may(administrator.principal, administrator.identity, 'GetSecretValue')).toBe(false);
  });

  it('is not readable by a role whose name starts with that of the function’s role', () => {
    const similar: Principal = { kind: 'role', arn: `${function_.arn}-2` };
    expect(may(similar, administrator.identity, 'GetSecretValue')).toBe(false);
  });

  it('is closed to anonymous callers and to other accounts', () => {
    const foreign: Principal = { kind: 'role', arn: 'arn:aws:iam::222222222222:role/admin' };
    for (const action of ['GetSecretValue', 'PutSecretValue']) {
      expect(may({ kind: 'anonymous' }, [], action)).toBe(false);
      expect(may(foreign, administrator.identity, action)).toBe(false);
    }
  });

  it('has a policy that Secrets Manager refuses if it is public', () => {
    expect(template.the('AWS::SecretsManager::ResourcePolicy').properties['BlockPublicPolicy']).toBe(true);
  });

  it('keeps its policy if it existed before the stack', () => {
    expect(deploy(everyOption).ofType('AWS::SecretsManager::ResourcePolicy')).toEqual([]);
  });
});
