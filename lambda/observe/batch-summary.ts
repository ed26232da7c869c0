import type middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import type { Clock } from '../clock';
import type { Log } from './log';
import { embedMetrics } from './embed-metrics';
import type { BatchResult } from '../process-batch';

/** The dependencies of {@link batchSummary}. */
export interface BatchSummaryDeps {
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  readonly functionName: string;
}

/** Middleware that writes one log line for each batch. The first one also publishes the cold start metric. */
export function batchSummary({ log, clock, functionName }: BatchSummaryDeps): middy.MiddlewareObj<SQSEvent> {
  let isCold = true;
  let startedAtMs = 0;
  return {
    before: () => {
      startedAtMs = clock.now();
    },
    after: ({ event, response, context }) => {
      const { delivered, drawn } = response as BatchResult;
      const nowMs = clock.now();
      log.info('batch processed', {
        requestId: context.awsRequestId,
        messages: event.Records.length,
        ...(drawn.length > 0 && { drawn: drawn.length }),
        retried: [...delivered, ...drawn].filter(({ status }) => status === 'rejected').length,
        isColdStart: isCold,
        tookMs: nowMs - startedAtMs,
        ...(isCold && embedMetrics({ ColdStarts: 1 }, { functionName, nowMs })),
      });
      isCold = false;
    },
  };
}
