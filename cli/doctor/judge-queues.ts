import { count, duration } from '../terminal/text';
import { deployAgain, type Finding, findingsOf } from './finding';
import { allowsService, parsePolicy } from './policy';

/** A queue's attributes, as SQS names and writes them. */
export type QueueAttributes = Readonly<Record<string, string | undefined>>;

/** Judges whether the upload queue is set up as the function needs it. */
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
    return wrong('It has not the dead-letter queue of the stack: what fails for days is lost at last', deployAgain);
  }
  if (queue['KmsMasterKeyId']?.endsWith('alias/aws/sqs') === true) {
    return wrong('It is encrypted with the AWS-managed key: S3 can not send to it', deployAgain);
  }
  if (Number(queue['VisibilityTimeout']) < 6 * functionTimeoutSeconds) {
    return wrong(
      "Its visibility timeout is below six times the function's timeout: photos are delivered twice",
      deployAgain,
    );
  }
  return right('It is set up as the function needs it');
}

/** Judges whether whoever announces new objects may send to the queue. */
export function judgeQueuePolicy(
  queue: QueueAttributes,
  announcer: 's3.amazonaws.com' | 'events.amazonaws.com',
): Finding {
  const { right, wrong } = findingsOf('queue policy');
  const isAllowed = parsePolicy(queue['Policy'] ?? '{}').some((statement) =>
    allowsService(statement, announcer, 'sqs:SendMessage'),
  );
  return isAllowed
    ? right(`It lets ${announcer} announce new objects`)
    : wrong(`It does not let ${announcer} announce new objects: nothing is uploaded`, deployAgain);
}

/** Judges how much waits: more than an hour's work is worth knowing. */
export function judgeBacklog(queue: QueueAttributes, requestsPerSecond: number | undefined): Finding {
  const { right, warning } = findingsOf('backlog');
  const ready = Number(queue['ApproximateNumberOfMessages']);
  const held = Number(queue['ApproximateNumberOfMessagesNotVisible']);
  const said = `${count(ready, 'message')} ready, ${held.toLocaleString('en')} in work or to be tried again`;
  if (requestsPerSecond === undefined || ready < requestsPerSecond * 3_600) return right(said);
  return warning(
    `${said}: about ${duration((ready / requestsPerSecond) * 1000)} of work`,
    'look at the checks of key, ComplyCube and event source; else it works itself off',
  );
}

/** Judges whether there are dead letters. */
export function judgeDeadLetters(queue: QueueAttributes, upload: QueueAttributes): Finding {
  const { right, wrong } = findingsOf('dead letters');
  if (Number(queue['MessageRetentionPeriod']) <= Number(upload['MessageRetentionPeriod'])) {
    return wrong(
      'They are kept no longer than messages of the upload queue: they may be gone before anybody looks',
      deployAgain,
    );
  }
  const letters = Number(queue['ApproximateNumberOfMessages']);
  if (letters === 0) return right('There are none');
  return wrong(
    `There are about ${letters.toLocaleString('en')}`,
    'see why: npx live-photos redrive dead-letters --dry-run',
  );
}
