import type { PolicyStatement } from '../policy/statement';
import { callBy, callsOfEveryone, callsOfFunction, type ExpectedCall, otherRoles } from './expected-calls';
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
    ...otherRoles(statements, functionRole).flatMap(({ arn, namedAs }) =>
      [reading, replicating].map((action) => ({
        request: callBy({ kind: 'role', arn }, action, secret),
        expected: 'denied' as const,
        problem: readableKey,
        detail: namedAs === undefined ? action : `${action} by ${namedAs}`,
      })),
    ),
  ];
}
