import { environmentNames } from '../../contract/environment';
import { type FunctionSettings, requestsPerSecondOf } from '../stack/function-settings';
import { deployAgain, type Finding, findingsOf } from './finding';

/** Variables that the function does not require. */
const optionalVariables: readonly string[] = [
  environmentNames.keyPrefixes,
  environmentNames.operatorsNamed,
  environmentNames.performLivenessCheck,
];

/** Judges whether the function can run. */
export function judgeFunction({ state, lastUpdateStatus, variables }: FunctionSettings): Finding {
  const { right, wrong } = findingsOf('function');
  // Lambda makes functions inactive after weeks without a call, and active again at the next call.
  if (state !== 'Active' && state !== 'Inactive') return wrong(`Its state is ${state ?? 'unknown'}`, deployAgain);
  if (lastUpdateStatus === 'Failed') return wrong('Its last update failed', deployAgain);
  const missing = Object.values(environmentNames).filter(
    (name) => !optionalVariables.includes(name) && (variables[name] ?? '') === '',
  );
  if (missing.length > 0) return wrong(`It lacks the variables ${missing.join(', ')}`, deployAgain);
  return right('It is active and has its variables');
}

/** Judges whether the queue invokes the function. */
export function judgeEventSource(settings: FunctionSettings, queueArn: string): Finding {
  const { right, wrong, warning } = findingsOf('event source');
  const source = settings.eventSources.find(({ arn }) => arn === queueArn);
  if (source === undefined) return wrong('The upload queue does not invoke the function', deployAgain);
  if (source.state !== 'Enabled') {
    return wrong(
      `Its state is ${source.state ?? 'unknown'}: photos wait in the queue`,
      'enable it: `npx live-photos resume`',
    );
  }
  if (!source.reportsBatchItemFailures) {
    return wrong('It lacks ReportBatchItemFailures: messages of photos that failed are deleted', deployAgain);
  }
  const rate = requestsPerSecondOf(settings);
  if (rate === undefined)
    return warning('It has no maximum concurrency: the pace for ComplyCube is not limited', deployAgain);
  return right(`It invokes the function, which makes at most ${rate} calls per second`);
}
