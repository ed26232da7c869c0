import { type CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from './command-error';

/** Finds why messages were last given back to the queue, by their IDs; those that the log does not know are left out. */
export type FindLastErrors = (messageIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** The longest that a message lives: no line about it is older (the stack's dead-letter queue keeps messages for 14 days). */
const lookBackMs = 14 * 24 * 3_600_000;
const pollMs = 500;
const maxPolls = 240;

/**
 * Looks into the function's log with CloudWatch Logs Insights, which bills by the bytes that it scans.
 * @param nowMs milliseconds since 1970.
 * @throws CommandError when the query does not end well.
 */
export function findInCloudWatch(logs: CloudWatchLogsClient, logGroup: string, nowMs: number): FindLastErrors {
  return async (messageIds) => {
    if (messageIds.length === 0) return new Map();
    const { queryId } = await logs.send(
      new StartQueryCommand({
        logGroupName: logGroup,
        startTime: Math.floor((nowMs - lookBackMs) / 1000),
        endTime: Math.ceil(nowMs / 1000),
        queryString: [
          // SQS's own IDs: hex digits and hyphens. Nothing else gets into the query.
          `filter messageId in [${messageIds
            .filter(isMessageId)
            .map((id) => `"${id}"`)
            .join(', ')}] and ispresent(error)`,
          'stats latest(error) as lastError by messageId',
        ].join(' | '),
        limit: messageIds.length,
      }),
    );
    for (let poll = 0; poll < maxPolls; poll++) {
      const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
      if (status === 'Complete') {
        const rows = results.map((row) => new Map(row.map(({ field = '', value = '' }) => [field, value])));
        return new Map(rows.map((row) => [row.get('messageId') ?? '', row.get('lastError') ?? '']));
      }
      if (status !== 'Running' && status !== 'Scheduled') {
        throw new CommandError(`The query of the function's log ended as ${status ?? 'nothing known'}: try again`);
      }
      await sleep(pollMs);
    }
    throw new CommandError("The query of the function's log does not end: try again later");
  };
}

function isMessageId(text: string): boolean {
  return /^[0-9a-f-]{1,100}$/i.test(text);
}

/** Asks the pipeline of this machine, which has no CloudWatch. */
export function findLocally(localUrl: string): FindLastErrors {
  return async (messageIds) => {
    const query = new URLSearchParams(messageIds.map((id): [string, string] => ['messageId', id]));
    const answer = await fetch(`${localUrl}/errors?${query.toString()}`);
    return new Map(Object.entries((await answer.json()) as Record<string, string>));
  };
}
