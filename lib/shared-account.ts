import { Annotations, Stack } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** ComplyCube's limit of calls per second for one account with a live key. */
const accountRequestsPerSecond = 10;

/** An uploader's use of its ComplyCube account. */
export interface AccountUse {
  readonly apiKeySecret: ISecret;
  readonly requestsPerSecond: number;
}

/** The uploaders of each stack. */
const usesOf = new WeakMap<Stack, AccountUse[]>();

/** Warns if uploaders of one stack have the same secret, and together may call ComplyCube more often than one account allows. */
export function warnOfSharedAccount(scope: Construct, use: AccountUse): void {
  const stack = Stack.of(scope);
  const idOf = ({ apiKeySecret: secret }: AccountUse): string =>
    JSON.stringify(stack.resolve(secret.secretFullArn ?? secret.secretName));
  const uses = [...(usesOf.get(stack) ?? []), use];
  usesOf.set(stack, uses);
  const sharing = uses.filter((other) => idOf(other) === idOf(use));
  const total = sharing.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  if (sharing.length < 2 || total <= accountRequestsPerSecond) return;
  Annotations.of(scope).addWarningV2(
    'complycube-live-photos:shared-account',
    `${sharing.length} uploaders share a secret, and their requestsPerSecond add up to ${total}: ComplyCube allows ${accountRequestsPerSecond} for one account. Divide the limit among them`,
  );
}
