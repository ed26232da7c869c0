import type middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/**
 * Middleware that turns one settled result a message into SQS's answer: the messages of rejected ones are batch item
 * failures and stay in the queue, the event source mapping deletes all others.
 */
export function batchResponse(): middy.MiddlewareObj<SQSEvent> {
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
