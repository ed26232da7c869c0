import { describe, expect, it } from '@jest/globals';
import { account } from '../deployed-template';
import { functionRole, rolePolicies, roleWithAll } from '../policies';
import { isAllowed, type Principal, type Statement } from '../policy-evaluator';
import { attemptsWith, type Context, type Who } from './attempts';
import { type Configuration, configurations, operator, targetOf, trustedTagger } from './configurations';

interface Caller {
  readonly principal: Principal;
  readonly identity: readonly Statement[];
  readonly extra?: Context;
}

const overTls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

function callerOf(who: Who, action: string, configuration: Configuration): Caller {
  const { template, settings } = configuration;
  const administrator = roleWithAll(action.split(':')[0] ?? '');
  switch (who) {
    case 'administrator':
      return administrator;
    case 'trusted tagger':
      return { ...administrator, principal: { kind: 'role', arn: trustedTagger } };
    case 'operator':
      return { ...administrator, principal: { kind: 'role', arn: operator } };
    case 'function':
      return { principal: functionRole(template), identity: rolePolicies(template) };
    case 'sender of events': {
      const [name, sender] = settings.hasRule
        ? (['events.amazonaws.com', 'rule'] as const)
        : (['s3.amazonaws.com', 'photo bucket'] as const);
      const source = targetOf(configuration, sender).resource;
      const extra = { 'aws:SourceAccount': account.accountId, 'aws:SourceArn': source };
      return { principal: { kind: 'service', name }, identity: [], extra };
    }
  }
}

describe.each(configurations)('with %s', (_, configuration) => {
  it.each(attemptsWith(configuration.settings))(
    'the %s’s %s on the %s with %j is %s',
    (who, action, on, context, expected) => {
      const { principal, identity, extra } = callerOf(who, action, configuration);
      const { resource, policy } = targetOf(configuration, on);
      const request = { principal, action, resource, context: { ...overTls, ...extra, ...context } };
      const isPossible = isAllowed(request, { accountId: account.accountId, identity, resource: policy });
      expect(isPossible).toBe(expected !== 'denied');
    },
  );
});
