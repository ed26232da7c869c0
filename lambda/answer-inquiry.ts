import type middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { errorCodeOf } from './retry-later-error';
import type { ApiKey } from './aws/api-key';
import { callAuthorized } from './complycube/authorized-call';
import { cleanMessage } from './complycube/clean-message';
import type { Answer } from './complycube/answer';
import type { ComplyCube } from './complycube/complycube';
import type { Inquiry, InquiryAnswer } from '../contract/inquiry';
import { describeError } from './observe/log';
import { saysClientIsUnknown } from './verdict';

/** The dependencies of {@link answerInquiry}. */
export interface InquiryDeps {
  readonly apiKey: Pick<ApiKey, 'readAfresh' | 'readInPlaceOf'>;
  readonly complyCube: Pick<ComplyCube, 'listLivePhotos' | 'readLivePhoto'>;
}

/** Type guard for {@link Inquiry}; any other event is a batch of messages. */
export function isInquiry(event: object): event is Inquiry {
  return 'inquiry' in event && ['account', 'live-photo', 'client'].includes(String(event.inquiry));
}

/** No client has this ID, so ComplyCube answers with an empty list. Listing is free. */
const nobody = 'nobody';

/** Calls ComplyCube for an inquiry. The call shares the pace of this execution environment's photos. */
export async function answerInquiry(inquiry: Inquiry, deps: InquiryDeps): Promise<InquiryAnswer> {
  // An inquiry has no batch and no photo: there is no gate, no deadline except the call's timeout, and nothing to log.
  const delivery: Parameters<typeof callAuthorized>[2] = {
    gate: { pass: () => undefined },
    signal: new AbortController().signal,
    summary: {},
  };
  const { apiKey, complyCube } = deps;
  // The key may have been changed a moment ago, to fix what the inquiry is about.
  const afresh = { apiKey: { read: () => apiKey.readAfresh(), readInPlaceOf: apiKey.readInPlaceOf.bind(apiKey) } };
  try {
    if (inquiry.inquiry === 'account') {
      return describe(
        await callAuthorized((options) => complyCube.listLivePhotos(nobody, 1, options), afresh, delivery),
      );
    }
    if (inquiry.inquiry === 'client') {
      const { clientId, page } = inquiry;
      const list = await callAuthorized(
        (options) => complyCube.listLivePhotos(clientId, page, options),
        afresh,
        delivery,
      );
      // A client that was deleted has no live photos.
      if (list.kind === 'refused' && saysClientIsUnknown(list)) {
        return { answer: 'accepted', page: { livePhotos: [], pages: page } };
      }
      if (list.kind !== 'accepted') return describe(list);
      const { livePhotos, pages } = list.value;
      return { answer: 'accepted', page: { livePhotos, pages } };
    }
    const { livePhotoId } = inquiry;
    const answer = await callAuthorized((options) => complyCube.readLivePhoto(livePhotoId, options), afresh, delivery);
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

/** Middleware that answers inquiries, so that the handler and the other middleware see only batches. */
export function inquiryAnswer(deps: InquiryDeps): middy.MiddlewareObj<SQSEvent> {
  return {
    // middy takes a returned value as the function's answer. Undefined lets it continue with the batch.
    before: ({ event }: { event: SQSEvent | Inquiry }) => (isInquiry(event) ? answerInquiry(event, deps) : undefined),
  };
}
