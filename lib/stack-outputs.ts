import { Aws, CfnCondition, CfnOutput, type Duration, Fn, Stack, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type StackOutput, stackOutputs } from '../contract/stack-outputs';
import { ConfigurationError } from './validate-props';

/** The value of each output. Undefined: the uploader has no such resource. */
export type OutputValues = Readonly<Record<StackOutput, string | undefined>>;

/**
 * Adds the outputs to the stack of an uploader. Their names are the same in each stack, so that the command line finds them.
 * @throws ConfigurationError if the stack already has one of them.
 */
export function addStackOutputs(uploader: Construct, makeValues: () => OutputValues): void {
  const stack = Stack.of(uploader);
  const names = Object.keys(stackOutputs) as StackOutput[];
  const existing = names.find((name) => stack.node.tryFindChild(name) !== undefined);
  if (existing !== undefined) {
    throw new ConfigurationError(
      `addOutputs of ${uploader.node.path}: the stack already has ${existing}. Call addOutputs once for each stack, because the command line operates one uploader of each: create other uploaders in separate stacks, or rename your own output`,
    );
  }
  const values = makeValues();
  for (const name of names) {
    const value = values[name];
    if (value !== undefined) new CfnOutput(stack, name, { value, description: stackOutputs[name] });
  }
}

/** A number of days as text, also if it is known only at deployment. */
export function daysOf(duration: Duration): string {
  return Tokenization.stringifyNumber(duration.toDays());
}

/** The address of a dashboard in CloudWatch's console. */
export function dashboardUrl(scope: Construct, dashboardName: string): string {
  const { region } = Stack.of(scope);
  return `https://${region}.console.${consoleDomain(scope)}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}

/** The console's domain in partitions where it is another (AWS General Reference, "Management console endpoints"). */
const consoleDomains = { 'aws-cn': 'amazonaws.cn', 'aws-us-gov': 'amazonaws-us-gov.com' } as const;

/** The partition is known only at deployment, unless the app sets the stack's region. */
function consoleDomain(scope: Construct): string {
  return Object.entries(consoleDomains).reduce((otherwise, [partition, domain]) => {
    const condition = new CfnCondition(scope, `IsPartition${partition.replaceAll('-', '')}`, {
      expression: Fn.conditionEquals(Aws.PARTITION, partition),
    });
    return Fn.conditionIf(condition.logicalId, domain, otherwise).toString();
  }, 'aws.amazon.com');
}
