import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { batchSummary } from './observe/batch-summary';
import { type BatchDeps, type BatchResult, processBatch } from './process-batch';

/** Creates the handler as it is deployed. It processes a batch of messages and reports those that failed. */
export function createHandler(deps: BatchDeps) {
  // By default, middy answers shortly before the timeout. Lambda would then freeze the environment with photos in flight, and
  // they would continue after a thaw, when another environment has taken them over. A killed environment can't do that.
  return (
    middy<SQSEvent>({ timeoutEarlyInMillis: 0 })
      // `after` hooks run in reverse order.
      .use(batchResponse())
      .use(batchSummary(deps))
      .handler((event, context) => processBatch(event, context, deps))
  );
}

/**
 * Middleware that turns the results of the delivered messages into a partial batch response. Rejected messages are batch item
 * failures and stay in the queue. The event source mapping deletes the others.
 */
function batchResponse(): middy.MiddlewareObj<SQSEvent> {
  return {
    after: (request: { event: SQSEvent; response: unknown }) => {
      const { delivered } = request.response as BatchResult;
      const failed = request.event.Records.filter((_, at) => delivered[at]?.status !== 'fulfilled');
      request.response = {
        batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
      } satisfies SQSBatchResponse;
    },
  };
}
