import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { batchSummary } from './observe/batch-summary';
import { type BatchDeps, processBatch } from './process-batch';

/** Makes the handler, whole as it is deployed: takes a batch of messages, answers which of them are to stay in the queue. */
export function createHandler(deps: BatchDeps) {
  // middy would answer just before the timeout while photos are under way: the environment would be frozen, and would finish
  // them later, unseen, when others have taken them over. Killed at the timeout, it never does.
  return (
    middy<SQSEvent>({ timeoutEarlyInMillis: 0 })
      // What comes after the handler runs in the reverse of this order.
      .use(batchResponse())
      .use(batchSummary(deps))
      .handler((event, context) => processBatch(event, context, deps))
  );
}

/**
 * Middleware that turns one settled result a message into SQS's answer: the messages of rejected ones are batch item
 * failures and stay in the queue, the event source mapping deletes all others.
 */
function batchResponse(): middy.MiddlewareObj<SQSEvent> {
  return {
    after: (request: { event: SQSEvent; response: unknown }) => {
      const settled = request.response as PromiseSettledResult<void>[];
      const failed = request.event.Records.filter((_, at) => settled[at]?.status !== 'fulfilled');
      request.response = {
        batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
      } satisfies SQSBatchResponse;
    },
  };
}
