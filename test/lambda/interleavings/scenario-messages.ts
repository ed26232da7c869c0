import { clientErasureMessage } from '../../../contract/client-erasure-message';
import { erasureMessage } from '../../../contract/erasure-message';
import { photoLocation, s3Body, s3Record } from '../fixtures/events';
import type { QueuedMessage } from './in-memory-sqs';
import type { Scenario, ScenarioPhoto } from './scenario';

/** The messages of a scenario, as they are in the queue at its start. */
export function messagesOf(scenario: Scenario, nowMs: number): QueuedMessage[] {
  const clientMessages = (scenario.clientErasure?.delaysMs ?? []).map((delayMs, copy) => ({
    ...{ id: `client-erasure-${copy}`, photo: undefined, senderId, isErasure: true },
    ...{ body: clientErasureBodyOf(scenario.clientErasure?.clientId ?? ''), receives: 0 },
    ...{ visibleAtMs: nowMs + delayMs, state: 'queued' as const },
  }));
  const photoMessages = scenario.photos.flatMap((photo, at) => [
    ...photo.eventDelaysMs.map((delayMs, copy) => ({
      ...{ id: `message-${at}-${copy}`, photo, body: bodyOf(photo), senderId: 'AIDAS3', isErasure: false },
      ...{ receives: 0, visibleAtMs: nowMs + delayMs, state: 'queued' as const },
    })),
    ...(photo.erasures ?? []).map(({ delayMs, request }, copy) => ({
      ...{ id: `erasure-${at}-${copy}`, photo, body: erasureBodyOf(photo, request), senderId, isErasure: true },
      ...{ receives: 0, visibleAtMs: nowMs + delayMs, state: 'queued' as const },
    })),
  ]);
  return [...photoMessages, ...clientMessages];
}

/** The S3 event of a photo. */
function bodyOf({ key, versionId, picture }: ScenarioPhoto): string {
  return s3Body(s3Record({ key, versionId, eTag: `picture-${picture}` }));
}

/** The sender of erasures. */
const senderId = 'AROAOPERATORS:alice';

/** The request of a photo's erasure. */
function erasureBodyOf({ key, versionId, picture }: ScenarioPhoto, request: number): string {
  return erasureMessage({
    ...{ bucket: photoLocation.bucket, key, versionId, eTag: `picture-${picture}` },
    requestId: `request-${request}`,
    requestedAt: '2026-11-23T10:00:00.000Z',
  });
}

/** The request to erase a client. */
function clientErasureBodyOf(clientId: string): string {
  return clientErasureMessage({ clientId, requestId: 'client-request', requestedAt: '2026-11-23T10:00:00.000Z' });
}
