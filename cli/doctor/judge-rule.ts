import type { EventRule } from '../photos/notification';
import { deployAgain, type Finding, findingsOf } from './finding';

/** Judges whether the events that EventBridge can't deliver go to their queue. */
export function judgeRuleDeadLetters({ name, targets }: EventRule, queueArn: string | undefined): Finding {
  const { right, wrong, unchecked } = findingsOf('rule dead letters');
  if (targets === undefined || queueArn === undefined)
    return unchecked('you may not look up the EventBridge rule with its targets');
  if (!targets.some(({ deadLetterArn }) => deadLetterArn === queueArn))
    return wrong(`The rule ${name} has no dead-letter queue: events that can't be delivered are lost`, deployAgain);
  return right("EventBridge sends events that it can't deliver to a queue");
}
