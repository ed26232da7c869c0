import { type CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterRetentionDays } from '../../contract/durations';
import { CommandError } from '../command-error';

/** The last error that the function logged about a message. */
export interface LastError {
  /** The stable code, which tools decide by. Possibly one of a newer version. */
  readonly errorCode: string;
  /** The error in words, for a person. */
  readonly error?: string | undefined;
}

/** Finds why messages last went back to the queue, by message ID. Messages without an error code in the log are omitted. */
export type FindLastErrors = (messageIds: readonly string[]) => Promise<ReadonlyMap<string, LastError>>;

/** No line about a message is older: the dead-letter queue keeps messages for this time. */
const lookBackMs = deadLetterRetentionDays * 86_400_000;
const pollMs = 500;
const maxPolls = 240;

/**
 * Searches the function's log with CloudWatch Logs Insights, which bills by the bytes that it scans.
 * @param nowMs milliseconds since 1970.
 * @throws CommandError when the query does not complete.
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
          // SQS's message IDs are hex digits and hyphens. Nothing else gets into the query.
          `filter messageId in [${messageIds
            .filter(isMessageId)
            .map((id) => `"${id}"`)
            .join(', ')}] and ispresent(errorCode)`,
          'stats latest(errorCode) as lastCode, latest(error) as lastError by messageId',
        ].join(' | '),
        limit: messageIds.length,
      }),
    );
    for (let poll = 0; poll < maxPolls; poll++) {
      const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
      if (status === 'Complete') {
        const rows = results.map((row) => new Map(row.map(({ field = '', value = '' }) => [field, value])));
        return new Map(
          rows.map((row) => [
            row.get('messageId') ?? '',
            { errorCode: row.get('lastCode') ?? '', error: row.get('lastError') },
          ]),
        );
      }
      if (status !== 'Running' && status !== 'Scheduled') {
        throw new CommandError(`The query of the function's log ended with status ${status ?? 'unknown'}: try again`);
      }
      await sleep(pollMs);
    }
    throw new CommandError("The query of the function's log did not complete within two minutes: try again later");
  };
}

function isMessageId(text: string): boolean {
  return /^[0-9a-f-]{1,100}$/i.test(text);
}

/** Asks the local pipeline, which has no CloudWatch. */
export function findLocally(localUrl: string): FindLastErrors {
  return async (messageIds) => {
    const query = new URLSearchParams(messageIds.map((id): [string, string] => ['messageId', id]));
    const answer = await fetch(`${localUrl}/errors?${query.toString()}`);
    return new Map(Object.entries((await answer.json()) as Record<string, LastError>));
  };
}
