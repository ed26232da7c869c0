import { count, duration } from '../terminal/text';
import { deployAgain, type Finding, findingsOf } from './finding';
import { allowsService, parsePolicy } from './policy';

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

/** Judges whether the sender of events may send to the queue. */
export function judgeQueuePolicy(queue: QueueAttributes, sender: 's3.amazonaws.com' | 'events.amazonaws.com'): Finding {
  const { right, wrong } = findingsOf('queue policy');
  const isAllowed = parsePolicy(queue['Policy'] ?? '{}').some((statement) =>
    allowsService(statement, sender, 'sqs:SendMessage'),
  );
  return isAllowed
    ? right(`It allows ${sender} to send events`)
    : wrong(`It does not allow ${sender} to send events: nothing is uploaded`, deployAgain);
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
