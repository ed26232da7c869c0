import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionLog } from '../local/function-log';

/** Where a deployed function's log lines are, and how often to look. */
export interface LogFeedOptions {
  readonly logGroups: readonly string[];
  readonly everyMs: number;
  /** Ends the feed once aborted. */
  readonly signal: AbortSignal;
}

/** Feeds the lines that a deployed function logs in CloudWatch Logs to a {@link FunctionLog}, until it is told to end. */
export async function feedFunctionLog(
  client: CloudWatchLogsClient,
  log: FunctionLog,
  { logGroups, everyMs, signal }: LogFeedOptions,
): Promise<void> {
  while (!signal.aborted) {
    for (const logGroupName of logGroups) {
      // All of them each time: lines of several execution environments arrive in any order, and one taken twice changes
      // nothing.
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
        for (const { message = '' } of events) log.take(message.trimEnd());
      }
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
