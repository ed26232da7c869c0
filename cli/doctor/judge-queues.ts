import { count, duration } from '../terminal/text';
import { deployAgain, type Finding, findingsOf } from './finding';

/** A queue's attributes, as SQS returns them. */
export type QueueAttributes = Readonly<Record<string, string | undefined>>;

/** Judges the settings of the upload queue. */
export function judgeUploadQueue(
  queue: QueueAttributes,
  {
    functionTimeoutSeconds,
    deadLetterArn,
  }: { readonly functionTimeoutSeconds: number | undefined; readonly deadLetterArn: string | undefined },
): Finding {
  const { right, wrong, unchecked } = findingsOf('upload queue');
  const { deadLetterTargetArn } = JSON.parse(queue['RedrivePolicy'] ?? '{}') as {
    readonly deadLetterTargetArn?: string;
  };
  if (deadLetterTargetArn === undefined || (deadLetterArn !== undefined && deadLetterTargetArn !== deadLetterArn)) {
    return wrong("It does not use the stack's dead-letter queue: photos that fail for days are lost", deployAgain);
  }
  if (queue['KmsMasterKeyId']?.endsWith('alias/aws/sqs') === true) {
    return wrong("It is encrypted with the AWS managed key: S3 can't send to it", deployAgain);
  }
  if (functionTimeoutSeconds === undefined || deadLetterArn === undefined)
    return unchecked('the function or the dead-letter queue could not be looked up');
  if (Number(queue['VisibilityTimeout']) < 6 * functionTimeoutSeconds) {
    return wrong(
      "Its visibility timeout is below six times the function's timeout: messages are delivered twice",
      deployAgain,
    );
  }
  return right('Its settings are correct');
}

/** Judges the backlog. More than an hour's work is a warning. */
export function judgeBacklog(queue: QueueAttributes, requestsPerSecond: number | undefined): Finding {
  const { right, warning, unchecked } = findingsOf('backlog');
  const ready = messagesIn(queue);
  const inFlight = Number(queue['ApproximateNumberOfMessagesNotVisible'] ?? NaN);
  if (ready === undefined || Number.isNaN(inFlight)) return unchecked(noNumber);
  const said = `${count(ready, 'message')} ready, ${inFlight.toLocaleString('en')} in flight`;
  if (requestsPerSecond === undefined && ready > 0) return unchecked(`${said}; the pace is unknown`);
  if (requestsPerSecond === undefined || ready < requestsPerSecond * 3_600) return right(said);
  return warning(
    `${said}: about ${duration((ready / requestsPerSecond) * 1000)} of work`,
    'see the checks of key, ComplyCube and event source. If they are right, the backlog shrinks without action',
  );
}

/** Judges whether there are dead-lettered messages. */
export function judgeDeadLetters(queue: QueueAttributes, upload: QueueAttributes): Finding {
  const { wrong } = findingsOf('dead letters');
  if (Number(queue['MessageRetentionPeriod']) <= Number(upload['MessageRetentionPeriod'])) {
    return wrong(
      'The retention is not longer than that of the upload queue: messages may expire unnoticed',
      deployAgain,
    );
  }
  return judgeWaiting('dead letters', queue, 'dead-letters');
}

/** Judges whether there are events that EventBridge could not deliver. */
export function judgeUndeliveredEvents(queue: QueueAttributes): Finding {
  return judgeWaiting('undelivered events', queue, 'undelivered-events');
}

function judgeWaiting(check: string, queue: QueueAttributes, redrive: string): Finding {
  const { right, wrong, unchecked } = findingsOf(check);
  const messages = messagesIn(queue);
  if (messages === undefined) return unchecked(noNumber);
  if (messages === 0) return right('There are none');
  return wrong(
    `There are some: about ${count(messages, 'message')}`,
    `see the reasons: \`npx live-photos redrive ${redrive} --dry-run\``,
  );
}

const noNumber = 'SQS did not return the number of messages';

function messagesIn({ ApproximateNumberOfMessages: messages }: QueueAttributes): number | undefined {
  return messages === undefined ? undefined : Number(messages);
}
