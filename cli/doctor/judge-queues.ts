import { count, duration } from '../terminal/text';
import { deployAgain, type Finding, findingsOf } from './finding';
import { allowsService, conditionValues, parsePolicy } from './policy';

/** A queue's attributes, as SQS returns them. */
export type QueueAttributes = Readonly<Record<string, string | undefined>>;

/** Judges the settings of the upload queue. */
export function judgeUploadQueue(
  queue: QueueAttributes,
  {
    functionTimeoutSeconds,
    deadLetterArn,
  }: { readonly functionTimeoutSeconds: number; readonly deadLetterArn: string | undefined },
): Finding {
  const { right, wrong } = findingsOf('upload queue');
  const { deadLetterTargetArn } = JSON.parse(queue['RedrivePolicy'] ?? '{}') as {
    readonly deadLetterTargetArn?: string;
  };
  if (deadLetterTargetArn === undefined || deadLetterTargetArn !== deadLetterArn) {
    return wrong("It does not use the stack's dead-letter queue: photos that fail for days are lost", deployAgain);
  }
  if (queue['KmsMasterKeyId']?.endsWith('alias/aws/sqs') === true) {
    return wrong("It is encrypted with the AWS managed key: S3 can't send to it", deployAgain);
  }
  if (Number(queue['VisibilityTimeout']) < 6 * functionTimeoutSeconds) {
    return wrong(
      "Its visibility timeout is below six times the function's timeout: messages are delivered twice",
      deployAgain,
    );
  }
  return right('Its settings are correct');
}

/** Who sends events to the upload queue, and for which resource. */
export interface EventSender {
  readonly service: 's3.amazonaws.com' | 'events.amazonaws.com';
  /** The last part of the ARN of the bucket or the rule. */
  readonly source: string;
}

/** Judges whether the sender of events may send to the queue. */
export function judgeQueuePolicy(queue: QueueAttributes, { service, source }: EventSender): Finding {
  const { right, wrong } = findingsOf('queue policy');
  const isAllowed = parsePolicy(queue['Policy'] ?? '{}').some((statement) => {
    const sources = conditionValues(statement.Condition, 'aws:SourceArn');
    const isForSource = sources.length === 0 || sources.some((arn) => isLike(arn.split(/[:/]/).at(-1) ?? '', source));
    return allowsService(statement, service, 'sqs:SendMessage') && isForSource;
  });
  return isAllowed
    ? right(`It allows ${service} to send events`)
    : wrong(`It does not allow ${service} to send events of ${source}: nothing is uploaded`, deployAgain);
}

/** Compares like IAM's ArnLike: `*` stands for any characters. */
function isLike(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/** Judges the backlog. More than an hour's work is a warning. */
export function judgeBacklog(queue: QueueAttributes, requestsPerSecond: number | undefined): Finding {
  const { right, warning } = findingsOf('backlog');
  const ready = Number(queue['ApproximateNumberOfMessages']);
  const inFlight = Number(queue['ApproximateNumberOfMessagesNotVisible']);
  const said = `${count(ready, 'message')} ready, ${inFlight.toLocaleString('en')} in flight`;
  if (requestsPerSecond === undefined || ready < requestsPerSecond * 3_600) return right(said);
  return warning(
    `${said}: about ${duration((ready / requestsPerSecond) * 1000)} of work`,
    'see the checks of key, ComplyCube and event source. If they are right, the backlog shrinks without action',
  );
}

/** Judges whether there are dead-lettered messages. */
export function judgeDeadLetters(queue: QueueAttributes, upload: QueueAttributes): Finding {
  const { right, wrong } = findingsOf('dead letters');
  if (Number(queue['MessageRetentionPeriod']) <= Number(upload['MessageRetentionPeriod'])) {
    return wrong(
      'The retention is not longer than that of the upload queue: messages may expire unnoticed',
      deployAgain,
    );
  }
  const messages = Number(queue['ApproximateNumberOfMessages']);
  if (messages === 0) return right('There are none');
  return wrong(
    `There are some: about ${count(messages, 'message')}`,
    'see the reasons: `npx live-photos redrive dead-letters --dry-run`',
  );
}
