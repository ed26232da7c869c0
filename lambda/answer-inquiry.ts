import type middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { errorCodeOf } from './retry-later-error';
import { callAuthorized, type ComplyCubeDeps } from './complycube/authorized-call';
import { cleanMessage } from './complycube/clean-message';
import type { Answer } from './complycube/answer';
import type { ComplyCube } from './complycube/complycube';
import type { Delivery } from './delivery';
import type { Inquiry, InquiryAnswer } from '../contract/inquiry';
import { describeError } from './observe/log';

/** What answering takes. */
export interface InquiryDeps extends Pick<ComplyCubeDeps, 'apiKey'> {
  readonly complyCube: Pick<ComplyCube, 'listLivePhotos' | 'readLivePhoto'>;
}

/** Tells an inquiry from a batch of messages. */
export function isInquiry(event: object): event is Inquiry {
  return 'inquiry' in event && (event.inquiry === 'account' || event.inquiry === 'live-photo');
}

/** No client of an account has this ID: ComplyCube gives an empty list, and the call costs nothing. */
const nobody = 'nobody';

/** Asks ComplyCube, in turn with the photos of this execution environment. */
export async function answerInquiry(inquiry: Inquiry, deps: InquiryDeps): Promise<InquiryAnswer> {
  // No batch, no photo: no gate to close, no deadline beside the call's own, nothing to log.
  const asked: Pick<Delivery, 'gate' | 'signal' | 'summary'> = {
    gate: { pass: () => undefined },
    signal: new AbortController().signal,
    summary: {},
  };
  try {
    if (inquiry.inquiry === 'account') {
      return describe(
        await callAuthorized((options) => deps.complyCube.listLivePhotos(nobody, 1, options), deps, asked),
      );
    }
    const { livePhotoId } = inquiry;
    const answer = await callAuthorized((options) => deps.complyCube.readLivePhoto(livePhotoId, options), deps, asked);
    return answer.kind === 'accepted' ? { answer: 'accepted', livePhoto: answer.value } : describe(answer);
  } catch (error) {
    return { answer: 'failed', because: describeError(error), errorCode: errorCodeOf(error) };
  }
}

function describe(answer: Answer<unknown>): InquiryAnswer {
  switch (answer.kind) {
    case 'accepted':
      return { answer: 'accepted' };
    case 'refused': {
      const { status, message } = answer;
      return { answer: 'refused', status, ...(message !== undefined && { said: cleanMessage(message, nobody) }) };
    }
    case 'unknown':
      return { answer: 'failed', because: describeError(answer.cause) };
  }
}

/** Middleware that answers inquiries itself: neither the handler nor any further middleware sees them. */
export function inquiryAnswer(deps: InquiryDeps): middy.MiddlewareObj<SQSEvent> {
  return {
    // What is returned here is the function's answer; nothing lets the batch on.
    before: ({ event }: { event: SQSEvent | Inquiry }) => (isInquiry(event) ? answerInquiry(event, deps) : undefined),
  };
}
