import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { batchResponse } from './batch-response';
import { batchSummary } from './observe/batch-summary';
import { type BatchDeps, processBatch } from './process-batch';

/** Makes the handler, whole as it is deployed: takes a batch of messages, answers which of them are to stay in the queue. */
export function createHandler(edges: BatchDeps) {
  // middy would answer just before the timeout while photos are under way: the environment would be frozen, and would finish
  // them later, unseen, when others have taken them over. Killed at the timeout, it never does.
  return (
    middy<SQSEvent>({ timeoutEarlyInMillis: 0 })
      // What comes after the handler runs in the reverse of this order.
      .use(batchResponse())
      .use(batchSummary(edges))
      .handler((event, context) => processBatch(event, context, edges))
  );
}
