import type { PolicyStatement } from '../policy/statement';
import { callsDeniedTo, callsOfEveryone, callsOfFunction, type ExpectedCall, otherRoles } from './expected-calls';
import { requiredOnSecret } from './judge-permissions';

const [reading, replicating] = ['secretsmanager:GetSecretValue', 'secretsmanager:ReplicateSecretToRegions'];

/** The problem of a policy that does not protect the key. */
export const readableKey = 'Others than the function may read or replicate the API key';

/** Calls to the secret of the API key. */
export function callsToSecret(
  statements: readonly PolicyStatement[],
  { secret, functionRole }: { readonly secret: string; readonly functionRole: string },
): ExpectedCall[] {
  const changing = ['PutSecretValue', 'UpdateSecret', 'DeleteSecret', 'PutResourcePolicy', 'DeleteResourcePolicy'];
  return [
    ...callsOfFunction(functionRole, requiredOnSecret(secret)),
    ...callsOfEveryone(functionRole, [reading, ...changing.map((name) => `secretsmanager:${name}`)], secret),
    ...callsDeniedTo(
      otherRoles(statements, functionRole),
      readableKey,
      [reading, replicating].map((action) => [action, secret] as const),
    ),
  ];
}
