import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Acknowledges, with its reason, one wildcard that cdk-nag's AwsSolutions pack finds in a policy's resources; any other still
 * fails the check.
 */
export function acknowledgeWildcard(scope: Construct, resource: string, reason: string): void {
  const finding = readable(Stack.of(scope).resolve(resource));
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
}

/** As cdk-nag names a finding: references in angle brackets. */
function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(readable).join('');
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  return `<${String(argument)}>`;
}
