import { type Stack } from 'aws-cdk-lib';

/**
 * A pattern for the names that CloudFormation generates for a stack's resources. It generates `stack-logicalid-random`
 * (CloudFormation user guide, "Name type") and shortens the first two parts if a service allows only short names.
 */
export function generatedNames(stack: Stack): string {
  const name = outermostOf(stack).stackName;
  return name === startOf(name) ? `${name}-*` : `${startOf(name)}*`;
}

/** Short enough to be part of every shortened name. */
export function startOf(name: string): string {
  return name.slice(0, 20);
}

/** The generated name of a nested stack is known only at deployment. It starts with the name of the outermost stack. */
export function outermostOf(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : outermostOf(stack.nestedStackParent);
}
