import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { keyStatements } from '../../lib/pipeline-key';
import { protectApiKey, protectOutcomes } from '../../lib/protection';
import type { Statement } from '../lib/policy-evaluator';
import { bucketPolicyForTaggers, documentedPolicy } from './documented-policies';

const functionRole = 'FUNCTION_ROLE_ARN';
const place = { account: 'ACCOUNT', region: 'REGION', partition: 'aws', urlSuffix: 'amazonaws.com' };
const [logs, s3, cloudWatch, eventBridge] = [false, true].flatMap((hasRule) =>
  keyStatements({ ...place, names: 'STACK_NAME-*', hasRule, hasTopic: !hasRule }).slice(hasRule ? 1 : 0),
);

describe('the documented policies', () => {
  it.each([
    [
      'Policy of an existing bucket',
      protectOutcomes('arn:aws:s3:::BUCKET', { functionRoles: [functionRole], trusted: [] }),
    ],
    ['Policy of an existing secret', protectApiKey([functionRole])],
    ['Policy of the pipeline key', [logs, s3, eventBridge, cloudWatch]],
  ])('in “%s” are those of the stack', (heading, statements: (PolicyStatement | undefined)[]) => {
    expect(documentedPolicy(heading)).toEqual({
      Version: '2012-10-17',
      Statement: new Stack().resolve(statements.map((statement) => statement?.toStatementJson() as unknown)) as unknown,
    });
  });

  it('for trusted taggers replace and add statements', () => {
    const documented = bucketPolicyForTaggers().Statement;
    const expected = protectOutcomes('arn:aws:s3:::BUCKET', {
      functionRoles: [functionRole],
      trusted: ['TAGGER_ROLE_ARN'],
    });
    const bySid = (statements: readonly Statement[]) =>
      new Map(statements.map((statement) => [statement.Sid, statement]));
    expect(bySid(documented)).toEqual(bySid(expected.map((one): Statement => one.toStatementJson() as Statement)));
  });
});
