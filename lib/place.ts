import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { ConfigurationError, nameOf } from './validate-props';

/** A resource that was created or imported, with its account and region as far as they are known. */
interface Placed extends IConstruct {
  readonly env: { readonly account: string; readonly region: string };
}

/**
 * Refuses resources of another account or region than the stack's, as far as both are known.
 * @param resources by the names of their props.
 * @throws ConfigurationError
 */
export function refuseElsewhere(
  scope: Construct,
  place: 'account' | 'region',
  resources: Readonly<Record<string, Placed | undefined>>,
  because: string,
): void {
  const ofStack = Stack.of(scope)[place];
  for (const [name, resource] of Object.entries(resources)) {
    const found = resource?.env[place];
    if (found === undefined || Token.isUnresolved(found) || Token.isUnresolved(ofStack) || found === ofStack) continue;
    throw new ConfigurationError(
      `${nameOf(name)} is in ${place} ${found}: it must be in the stack's ${place}, which is ${ofStack}, because ${because}`,
    );
  }
}
