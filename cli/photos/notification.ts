import { DescribeRuleCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetBucketNotificationConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StackAccess } from '../stack/stack-access';

/** How the bucket's new objects are announced. */
export interface Notification {
  /** S3's own notifications to queues. */
  readonly toQueues: readonly QueueNotification[];
  /** Whether the bucket sends its events to EventBridge. */
  readonly isSentToEventBridge: boolean;
  /** EventBridge's rules of the stack. */
  readonly rules: readonly AnnouncingRule[];
}

/** A notification that S3 sends to a queue. */
export interface QueueNotification {
  readonly queueArn: string;
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** A rule that passes the bucket's events on. */
export interface AnnouncingRule {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly prefix: string;
}

/** Reads how new objects are announced. */
export async function readNotification({ stack, s3, onAws }: StackAccess): Promise<Notification> {
  const configuration = await readConfiguration(s3, stack.photoBucket);
  const rules =
    onAws === undefined ? [] : await Promise.all(stack.ruleNames.map((name) => readRule(onAws.eventBridge, name)));
  return { ...configuration, rules };
}

async function readConfiguration(s3: S3Client, bucket: string): Promise<Omit<Notification, 'rules'>> {
  const { QueueConfigurations = [], EventBridgeConfiguration } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket: bucket }),
  );
  return {
    toQueues: QueueConfigurations.map(({ QueueArn = '', Events = [], Filter }) => {
      const rules = Filter?.Key?.FilterRules ?? [];
      const valueOf = (name: string): string => rules.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? '';
      return { queueArn: QueueArn, events: Events, prefix: valueOf('prefix'), suffix: valueOf('suffix') };
    }),
    isSentToEventBridge: EventBridgeConfiguration !== undefined,
  };
}

/** The pattern is the stack's own: of its bucket, and of its key prefix where it has one. */
async function readRule(eventBridge: EventBridgeClient, name: string): Promise<AnnouncingRule> {
  // CloudFormation names a rule of the default bus by its name, of another bus by `bus|name`.
  const { State, EventPattern = '{}' } = await eventBridge.send(
    new DescribeRuleCommand({ Name: name.split('|').at(-1) }),
  );
  const pattern = JSON.parse(EventPattern) as {
    readonly detail?: { readonly object?: { readonly key?: readonly { readonly prefix?: string }[] } };
  };
  return { name, isEnabled: State === 'ENABLED', prefix: pattern.detail?.object?.key?.[0]?.prefix ?? '' };
}

/** What the keys of the stack's photo objects begin with: the function may read no others. */
export function keyPrefixOf({ toQueues, rules }: Notification, queueArn: string | undefined): string {
  const own = toQueues.find((notification) => notification.queueArn === queueArn);
  return own?.prefix ?? rules[0]?.prefix ?? '';
}
