import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Acknowledges one wildcard in a policy's resources for cdk-nag's AwsSolutions pack, with a reason. Any other wildcard still
 * fails the check.
 */
export function acknowledgeWildcard(scope: Construct, resource: string, reason: string): void {
  const finding = readable(Stack.of(scope).resolve(resource));
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
}

/** cdk-nag's name for a finding, with references in angle brackets. */
function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(readable).join('');
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  return `<${String(argument)}>`;
}
