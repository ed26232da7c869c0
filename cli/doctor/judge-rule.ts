import type { EventRule } from '../photos/notification';
import { deployAgain, type Finding, findingsOf } from './finding';
import { allowsOnlyService, conditionValues, type PolicyStatement } from './policy';

/**
 * Judges whether EventBridge can send the events that it can't deliver to their queue, and nobody else can send to it.
 * @param statements the policy of this queue.
 */
export function judgeRuleDeadLetters(
  { name, arn, targets }: EventRule,
  { queueArn, statements }: { readonly queueArn: string | undefined; readonly statements: readonly PolicyStatement[] },
): Finding {
  const { right, wrong, unchecked } = findingsOf('rule dead letters');
  if (targets === undefined || arn === undefined || queueArn === undefined)
    return unchecked('you may not look up the EventBridge rule with its targets');
  if (!targets.some(({ deadLetterArn }) => deadLetterArn === queueArn))
    return wrong(`The rule ${name} has no dead-letter queue: events that can't be delivered are lost`, deployAgain);
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  const isOfRule = (statement: PolicyStatement): boolean => {
    const sources = conditionValues(statement.Condition, 'aws:SourceArn');
    const isForRule = sources.length > 0 && sources.every((source) => source === arn);
    return allowsOnlyService(statement, 'events.amazonaws.com', 'sqs:SendMessage') && isForRule;
  };
  if (!allowed.some(isOfRule))
    return wrong(
      `The queue's policy does not allow the rule ${name} to send: events that can't be delivered are lost`,
      deployAgain,
    );
  if (!allowed.every(isOfRule))
    return wrong(`The queue's policy allows others than the rule ${name} to use the queue`, deployAgain);
  return right("EventBridge sends events that it can't deliver to a queue, and only this rule may");
}
