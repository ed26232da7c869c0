import type middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import type { Inquiry } from '../contract/inquiry';
import { answerInquiry, type InquiryEdges, isInquiry } from './answer-inquiry';

/** Middleware that answers inquiries itself: neither the handler nor any further middleware sees them. */
export function inquiryAnswer(edges: InquiryEdges): middy.MiddlewareObj<SQSEvent> {
  return {
    // What is returned here is the function's answer; nothing lets the batch on.
    before: ({ event }: { event: SQSEvent | Inquiry }) => (isInquiry(event) ? answerInquiry(event, edges) : undefined),
  };
}
