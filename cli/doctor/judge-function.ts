import { environmentNames } from '../../contract/environment';
import { type FunctionSettings, requestsPerSecondOf } from '../stack/function-settings';
import { deployAgain, type Finding, findingsOf } from './finding';

/** What the function can do without. */
const optionalVariables: readonly string[] = [environmentNames.performLivenessCheck];

/** Judges whether the function can run. */
export function judgeFunction({ state, lastUpdateStatus, variables }: FunctionSettings): Finding {
  const { right, wrong } = findingsOf('function');
  // Lambda lets functions sleep that nobody called for weeks, and wakes them at the next call.
  if (state !== 'Active' && state !== 'Inactive') return wrong(`It is ${state ?? 'in no known state'}`, deployAgain);
  if (lastUpdateStatus === 'Failed') return wrong('Its last update failed', deployAgain);
  const missing = Object.values(environmentNames).filter(
    (name) => !optionalVariables.includes(name) && (variables[name] ?? '') === '',
  );
  if (missing.length > 0) return wrong(`It lacks ${missing.join(', ')}`, deployAgain);
  return right('It is active, and has its variables');
}

/** Judges whether the queue feeds the function. */
export function judgeEventSource(settings: FunctionSettings, queueArn: string | undefined): Finding {
  const { right, wrong, warning } = findingsOf('event source');
  const source = settings.eventSources.find(({ arn }) => arn === queueArn);
  if (source === undefined) return wrong('The upload queue does not feed the function', deployAgain);
  if (source.state !== 'Enabled') {
    return wrong(
      `It is ${source.state ?? 'in no known state'}: photos wait in the queue`,
      'enable it: aws lambda update-event-source-mapping --enabled',
    );
  }
  if (!source.reportsBatchItemFailures) {
    return wrong('It lacks ReportBatchItemFailures: messages of photos that failed are deleted', deployAgain);
  }
  const rate = requestsPerSecondOf(settings);
  if (rate === undefined)
    return warning('It has no maximum concurrency: the pace for ComplyCube does not hold', deployAgain);
  return right(`It feeds the function, which makes at most ${rate} calls a second`);
}
