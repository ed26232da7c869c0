import { DescribeRuleCommand, type EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetBucketNotificationConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { lookUp } from '../stack/fact';
import type { StackAccess } from '../stack/stack-access';

/** How the bucket sends events of new objects. */
export interface Notification {
  /** S3 notifications to queues. */
  readonly toQueues: readonly QueueNotification[];
  /** Whether the bucket sends its events to EventBridge. */
  readonly isSentToEventBridge: boolean;
  /** The stack's EventBridge rules. */
  readonly rules: readonly EventRule[];
}

/** A notification that S3 sends to a queue. */
export interface QueueNotification {
  readonly queueArn: string;
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** An EventBridge rule that forwards the bucket's events. */
export interface EventRule {
  readonly name: string;
  readonly arn: string | undefined;
  readonly isEnabled: boolean;
  readonly prefixes: readonly string[];
  /** Undefined if the caller may not list them. */
  readonly targets: readonly RuleTarget[] | undefined;
}

/** A target of an EventBridge rule. */
export interface RuleTarget {
  readonly arn: string | undefined;
  /** The queue of the events that EventBridge can't deliver to the target. */
  readonly deadLetterArn: string | undefined;
}

/** Reads how the bucket sends events of new objects. */
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

/** The stack's pattern contains its bucket, and its key prefixes if it has some. */
async function readRule(eventBridge: EventBridgeClient, id: string): Promise<EventRule> {
  // CloudFormation's ID of a rule is its name on the default bus, and `bus|name` on another bus.
  const name = id.split('|').at(-1);
  const [{ Arn, State, EventPattern = '{}' }, targets] = await Promise.all([
    eventBridge.send(new DescribeRuleCommand({ Name: name })),
    lookUp(async () => (await eventBridge.send(new ListTargetsByRuleCommand({ Rule: name }))).Targets ?? []),
  ]);
  const pattern = JSON.parse(EventPattern) as {
    readonly detail?: { readonly object?: { readonly key?: readonly { readonly prefix?: string }[] } };
  };
  return {
    name: id,
    arn: Arn,
    isEnabled: State === 'ENABLED',
    prefixes: (pattern.detail?.object?.key ?? [{}]).map(({ prefix = '' }) => prefix),
    targets: targets.isKnown
      ? targets.value.map((target) => ({ arn: target.Arn, deadLetterArn: target.DeadLetterConfig?.Arn }))
      : undefined,
  };
}

/** The prefixes of the stack's keys, in order. The function may read no others. The empty text is the prefix of every key. */
export function keyPrefixesOf({ toQueues, rules }: Notification, queueArn: string | undefined): readonly string[] {
  const own = toQueues.filter((notification) => notification.queueArn === queueArn).map(({ prefix }) => prefix);
  return [...(own.length > 0 ? own : (rules[0]?.prefixes ?? ['']))].sort();
}
