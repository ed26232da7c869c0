import { describe, expect, it } from '@jest/globals';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { protectApiKey, protectOutcomes } from '../../lib/protection';
import { readJsonBlock } from './documents';

describe('the documented policies', () => {
  it.each([
    ['Policy of an existing bucket', protectOutcomes('arn:aws:s3:::BUCKET/*', 'FUNCTION_ROLE_ARN')],
    ['Policy of an existing secret', protectApiKey('FUNCTION_ROLE_ARN')],
  ])('in “%s” are those of the stack', (heading, statements: PolicyStatement[]) => {
    expect(readJsonBlock('docs/security.md', heading)).toEqual({
      Version: '2012-10-17',
      Statement: statements.map((statement) => statement.toStatementJson() as unknown),
    });
  });
});
