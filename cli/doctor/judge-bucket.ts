import { keyPrefixesOf, type Notification } from '../photos/notification';
import type { StackPlace } from '../stack/stack';
import { deployAgain, type Finding, findingsOf } from './finding';

/** Judges whether the bucket is versioned. */
export function judgeVersioning(status: string | undefined): Finding {
  const { right, warning } = findingsOf('bucket');
  if (status === 'Enabled') return right('It exists and is versioned');
  return warning(
    'It is not versioned: if a photo is overwritten before it is processed, only the newer one is uploaded',
    'enable versioning: `aws s3api put-bucket-versioning --versioning-configuration Status=Enabled`',
  );
}

/**
 * Judges whether events of new photo objects reach the upload queue.
 * @param processed the function's key prefixes. Undefined: it has none, or is older than the variable.
 */
export function judgeNotification(
  notification: Notification,
  queueArn: string,
  processed: readonly string[] | undefined,
): Finding {
  const { wrong } = findingsOf('notification');
  const finding = judgeSending(notification, queueArn);
  const sent = keyPrefixesOf(notification, queueArn);
  const isSame = processed === undefined || [...processed].sort().join() === sent.join();
  if (finding.verdict !== 'right' || isSame) return finding;
  return wrong(
    `Events are sent for keys ${described(sent)}, but the function processes keys ${described(processed)}`,
    deployAgain,
  );
}

function described(prefixes: readonly string[]): string {
  return prefixes.map((prefix) => `${prefix}…`).join(', ');
}

function judgeSending({ toQueues, isSentToEventBridge, rules }: Notification, queueArn: string): Finding {
  const { right, wrong, unchecked } = findingsOf('notification');
  const own = toQueues.filter((notification) => notification.queueArn === queueArn);
  if (own.length > 0) {
    const partial = own.find(({ events }) => !events.includes('s3:ObjectCreated:*'));
    if (partial !== undefined) {
      return wrong(`S3 sends only the events ${partial.events.join(', ')}, not those of every new object`, deployAgain);
    }
    const keys = own.map(({ prefix, suffix }) => `${prefix}…${suffix}`).join(', ');
    return right(
      `S3 sends an event of each new object${keys === '…' ? '' : ` with a key ${keys}`} to the upload queue`,
    );
  }
  const [rule] = rules;
  if (rule === undefined) return wrong('No events of new objects are sent: nothing is uploaded', deployAgain);
  if (!rule.isEnabled)
    return wrong(`The rule ${rule.name} is disabled: nothing is uploaded`, 'enable it: `aws events enable-rule`');
  if (rule.targets?.every(({ arn }) => arn !== queueArn) === true)
    return wrong(`The rule ${rule.name} does not send to the upload queue: nothing is uploaded`, deployAgain);
  if (!isSentToEventBridge) {
    return wrong(
      'The bucket does not send its events to EventBridge: nothing is uploaded',
      'enable "Amazon EventBridge" in the properties of the bucket, then backfill the photos of the meantime',
    );
  }
  if (rule.targets === undefined) return unchecked('you may not list the targets of the EventBridge rule');
  return right('EventBridge sends an event of each new object to the upload queue');
}

/** Where an existing bucket is. */
export interface BucketPlace {
  /** Undefined if S3 did not return it. */
  readonly region: string | undefined;
  /** Whether the stack's account owns the bucket. */
  readonly isOfStack: boolean;
}

/** Judges whether an existing bucket is in the account and the region of the stack: its events go to EventBridge there. */
export function judgeLocation({ region, isOfStack }: BucketPlace, stack: StackPlace): Finding {
  const { right, wrong, unchecked } = findingsOf('bucket location');
  if (region !== undefined && region !== stack.region)
    return wrong(
      `It is in ${region}, and the stack is in ${stack.region}: no event reaches the stack`,
      "deploy the stack in the bucket's region, or use another bucket",
    );
  if (!isOfStack)
    return wrong(
      `It does not belong to the AWS account ${stack.account} of the stack: no event reaches the stack`,
      "deploy the stack in the bucket's account, or use another bucket",
    );
  return region === undefined
    ? unchecked('S3 did not return its region')
    : right("It is in the stack's account and region");
}
