import { deployAgain, type Finding, findingsOf } from './finding';

/** An alarm of the stack. */
export interface AlarmFacts {
  readonly name: string;
  /** Names of the queues whose number of messages it watches. */
  readonly queueNames: readonly string[];
  /** Whether it notifies anybody at all. */
  readonly areActionsEnabled: boolean;
}

/**
 * Judges whether an alarm watches each queue whose messages nothing retries.
 * @param queues their ARNs, by what they are.
 */
export function judgeAlarms(alarms: readonly AlarmFacts[], queues: Readonly<Record<string, string>>): Finding {
  const { right, wrong, warning } = findingsOf('alarms');
  const isWatched = (arn: string): boolean =>
    alarms.some(({ queueNames }) => queueNames.some((name) => arn.endsWith(`:${name}`)));
  const [unwatched] = Object.entries(queues).filter(([, arn]) => !isWatched(arn));
  if (unwatched !== undefined) return wrong(`No alarm watches ${unwatched[0]}`, deployAgain);
  const silent = alarms.filter(({ areActionsEnabled }) => !areActionsEnabled).map(({ name }) => name);
  if (silent.length > 0)
    return warning(
      `They notify nobody, because their actions are disabled: ${silent.join(', ')}`,
      `enable them: \`aws cloudwatch enable-alarm-actions --alarm-names ${silent.join(' ')}\``,
    );
  return right(`They watch ${Object.keys(queues).join(' and ')}`);
}
