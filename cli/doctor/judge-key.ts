import type { ErrorCode } from '../../contract/error-codes';
import type { InquiryAnswer } from '../../contract/inquiry';
import { type Finding, findingsOf } from './finding';

/** The metadata of the API key's secret. */
export interface SecretFacts {
  readonly id: string;
  readonly arn: string;
  readonly hasValue: boolean;
  readonly isDeleted: boolean;
  /** Undefined if Secrets Manager does not return it. */
  readonly changedAt: Date | undefined;
  /** The ID, ARN or alias of the KMS key that encrypts the secret. Undefined for Secrets Manager's own key. */
  readonly kmsKey: string | undefined;
  /** The stack that created it. Undefined if CloudFormation did not. */
  readonly stackName: string | undefined;
}

const putKey = (id: string): string =>
  `set it: \`aws secretsmanager put-secret-value --secret-id ${id} --secret-string "$COMPLYCUBE_API_KEY"\``;

/** Judges whether the secret has a value. */
export function judgeSecret({ id, hasValue, isDeleted, changedAt }: SecretFacts): Finding {
  const { right, wrong } = findingsOf('API key');
  if (isDeleted) {
    return wrong(
      'The secret is scheduled for deletion',
      `restore it: \`aws secretsmanager restore-secret --secret-id ${id}\``,
    );
  }
  if (!hasValue) return wrong('The secret has no value: photos wait in the queue', putKey(id));
  return right(
    `The secret has a value${changedAt === undefined ? '' : `, last changed ${changedAt.toISOString().slice(0, 10)}`}`,
  );
}

/** Judges ComplyCube's answer to a call of the function. */
export function judgeAccount(answer: InquiryAnswer, secretId: string): Finding {
  const { right, wrong, warning } = findingsOf('ComplyCube');
  if (answer.answer === 'accepted') return right('It accepts the key (the function made a call)');
  if (answer.answer === 'failed')
    return wrong(`The function could not call it: ${answer.because}`, fixOf(answer.errorCode, secretId));
  const said = `It answered ${answer.status}${answer.said === undefined ? '' : `: ${answer.said}`}`;
  switch (answer.status) {
    case 401:
      return wrong(
        said,
        `the key is not valid, ${putKey(secretId)}. Then redrive rejected photos and dead-lettered messages`,
      );
    case 402:
      return wrong(said, 'payment is due: settle the account at ComplyCube. Photos wait until then');
    case 403:
      return wrong(
        said,
        'the key or the plan has no permission for live photos: ask ComplyCube. Photos wait until then',
      );
    case 429:
      return warning(
        said,
        'another program uses the account, or its limit is lower: set requestsPerSecond to what is left',
      );
    default:
      return answer.status >= 500
        ? warning(said, 'ComplyCube fails at the moment: photos wait, no action is required')
        : wrong(said, "check complyCubeBaseUrl and the function's log");
  }
}

function fixOf(errorCode: ErrorCode | undefined, secretId: string): string {
  if (errorCode === 'api-key-missing') return putKey(secretId);
  if (errorCode === 'secrets-manager-failed')
    return "allow the function's role to read the secret: check the policies of the secret and of its encryption key";
  return "check complyCubeBaseUrl, the function's network and its log";
}
