import { describe, expect, it } from '@jest/globals';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { protectApiKey, protectOutcomes } from '../../lib/protection';
import type { Statement } from '../lib/policy-evaluator';
import { bucketPolicyForTaggers, documentedPolicy } from './documented-policies';

const functionRole = 'FUNCTION_ROLE_ARN';

describe('the documented policies', () => {
  it.each([
    ['Policy of an existing bucket', protectOutcomes('arn:aws:s3:::BUCKET/*', { functionRole, trusted: [] })],
    ['Policy of an existing secret', protectApiKey(functionRole)],
  ])('in “%s” are those of the stack', (heading, statements: PolicyStatement[]) => {
    expect(documentedPolicy(heading)).toEqual({
      Version: '2012-10-17',
      Statement: statements.map((statement) => statement.toStatementJson() as unknown),
    });
  });

  it('for trusted taggers replace and add statements', () => {
    const documented = bucketPolicyForTaggers().Statement;
    const expected = protectOutcomes('arn:aws:s3:::BUCKET/*', { functionRole, trusted: ['TAGGER_ROLE_ARN'] });
    const bySid = (statements: readonly Statement[]) =>
      new Map(statements.map((statement) => [statement.Sid, statement]));
    expect(bySid(documented)).toEqual(bySid(expected.map((one): Statement => one.toStatementJson() as Statement)));
  });
});
