import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionLog } from '../local/start/function-log';

/** Options of {@link feedFunctionLog}. */
export interface LogFeedOptions {
  readonly logGroups: readonly string[];
  readonly everyMs: number;
  /** Ends the feed when aborted. */
  readonly signal: AbortSignal;
}

/** Copies a deployed function's log lines from CloudWatch Logs to a {@link FunctionLog} until the signal is aborted. */
export async function feedFunctionLog(
  client: CloudWatchLogsClient,
  log: FunctionLog,
  { logGroups, everyMs, signal }: LogFeedOptions,
): Promise<void> {
  while (!signal.aborted) {
    for (const logGroupName of logGroups) {
      // Reads all lines each time, because lines of several execution environments arrive in any order. A repeated line has no effect.
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
        for (const { message = '' } of events) log.take(message.trimEnd());
      }
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
