import type { ErrorCode } from '../../contract/error-codes';
import type { InquiryAnswer } from '../../contract/inquiry';
import { type Finding, findingsOf } from './finding';

/** The API key's secret, as far as it shows from outside. */
export interface SecretFacts {
  readonly id: string;
  readonly arn: string;
  readonly hasValue: boolean;
  readonly isDeleted: boolean;
  /** Undefined where Secrets Manager does not tell. */
  readonly changedAt: Date | undefined;
}

const putKey = (id: string): string =>
  `set it: aws secretsmanager put-secret-value --secret-id ${id} --secret-string "$COMPLYCUBE_API_KEY"`;

/** Judges whether there is a key. */
export function judgeSecret({ id, hasValue, isDeleted, changedAt }: SecretFacts): Finding {
  const { right, wrong } = findingsOf('API key');
  if (isDeleted) {
    return wrong(
      'The secret is about to be deleted',
      `restore it: aws secretsmanager restore-secret --secret-id ${id}`,
    );
  }
  if (!hasValue) return wrong('The secret has no value: photos wait in the queue', putKey(id));
  return right(
    `The secret has a value${changedAt === undefined ? '' : `, last changed ${changedAt.toISOString().slice(0, 10)}`}`,
  );
}

/** Judges what ComplyCube said when the function asked it with the key. */
export function judgeAccount(answer: InquiryAnswer, secretId: string): Finding {
  const { right, wrong, warning } = findingsOf('ComplyCube');
  if (answer.answer === 'accepted') return right('It accepts the key, asked by the function');
  if (answer.answer === 'failed')
    return wrong(`The function could not ask it: ${answer.because}`, mendOf(answer.errorCode, secretId));
  const said = `It answered ${answer.status}${answer.said === undefined ? '' : `: ${answer.said}`}`;
  switch (answer.status) {
    case 401:
      return wrong(
        said,
        `the key is not valid, ${putKey(secretId)}; then redrive what was rejected or is a dead letter`,
      );
    case 402:
      return wrong(said, "payment is due: settle the account's plan at ComplyCube; photos wait meanwhile");
    case 403:
      return wrong(
        said,
        'the key or the plan has no permission for live photos: ask ComplyCube; photos wait meanwhile',
      );
    case 429:
      return warning(
        said,
        'something else uses the account too, or its limit is lower: set requestsPerSecond to what it allows',
      );
    default:
      return answer.status >= 500
        ? warning(said, 'ComplyCube fails at the moment: photos wait, nothing is to be done here')
        : wrong(said, 'check complyCubeBaseUrl, and what the function logged');
  }
}

function mendOf(errorCode: ErrorCode | undefined, secretId: string): string {
  if (errorCode === 'api-key-missing') return putKey(secretId);
  if (errorCode === 'secrets-manager-failed')
    return "let the function's role read the secret: check the secret's policy and its encryption key's policy";
  return "check complyCubeBaseUrl, the network that the function is in, and the function's log";
}
