import { expect, it } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { toIso } from '../../contract/claim-record';
import type { Refused } from '../../lambda/complycube/answer';
import { createHandler } from '../../lambda/create-handler';
import { HeldClaim } from '../../lambda/photo/held-claim';
import { createLog } from '../../lambda/observe/log';
import { makeJpeg } from 'sample-photos/jpeg';
import { arrivedImage } from './fixtures/arriving-images';
import { lambdaContext, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import { unlimitedPace } from './fixtures/unlimited-pace';

const unplanned = () => Promise.reject(new Error('unplanned call'));
const image = makeJpeg({ bytes: 34_000, seed: 1 });
const refused = (status: number): Refused => ({
  ...{ kind: 'refused', status, type: undefined, message: undefined, param: undefined },
  ...{ retryAfterMs: undefined, requestId: undefined, tookMs: 0 },
});

/** Processes a batch of four photos whose calls start one after another. @returns the calls and waits. */
async function processFour(status: number): Promise<{ calls: number; waits: readonly number[][] }> {
  let calls = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const waits: number[][] = [];
  const clock = { now: () => 0, after: () => () => undefined };
  const record = { ...photoLocation, claimedAt: toIso(0), leaseUntil: toIso(135_000), attempt: 1, holder: '' };
  const claimStore = {
    durations: { photoDeadlineMs: 60_000, clockSkewMs: 60_000, listingDelayMs: 15_000 },
    clock,
    update: unplanned,
    delete: () => Promise.resolve(),
  };
  const handler = createHandler({
    photos: {
      open: () =>
        Promise.resolve({
          bytes: image.length,
          metadata: { 'client-id': 'a' },
          tagCount: 0,
          createdAtMs: 0,
          read: () => arrivedImage(image),
          readAgain: () => Promise.resolve(arrivedImage(image)),
          discard: () => undefined,
        }),
      readTags: () => Promise.resolve(new Map()),
      readHeaders: unplanned,
      writeTags: () => Promise.resolve('written'),
    },
    claims: {
      claim: () => Promise.resolve(new HeldClaim({ record, claimETag: '' }, { mustReconcile: false }, claimStore)),
      takeOver: unplanned,
      read: unplanned,
      replace: unplanned,
      durations: claimStore.durations,
    },
    acceptedUploads: { note: () => Promise.resolve(), hasAcceptedSince: () => Promise.resolve(false) },
    rejection: { unknownClientRejectedAfterMs: 300_000, refusalRejectedAfterMs: 3_600_000, clockSkewMs: 60_000 },
    apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_abc') },
    complyCube: {
      uploadLivePhoto: async (_request, _image, { gate }) => {
        // The photo of the previous call is done then.
        turn = turn.then(() => new Promise(setImmediate));
        await turn;
        gate.pass();
        calls++;
        return refused(status);
      },
      listLivePhotos: unplanned,
      downloadLivePhoto: unplanned,
      readLivePhoto: unplanned,
      deleteLivePhoto: unplanned,
    },
    queue: {
      hide: (hidden) => {
        waits.push(hidden.map(({ forMs }) => forMs));
        return Promise.resolve();
      },
      deadLetter: unplanned,
      receive: unplanned,
      delete: unplanned,
    },
    pace: unlimitedPace,
    clientErasures: { read: unplanned, replace: unplanned },
    erasureRecords: { isBuried: unplanned, keep: unplanned, keepOfClient: unplanned, bury: unplanned },
    events: { publish: () => Promise.resolve(), publishErased: unplanned },
    clock,
    photoBucket: photoLocation.bucket,
    photoDeadlineMs: 60_000,
    functionName: 'upload',
    metadata: { clientIdMetadata: 'client-id', performLivenessCheck: undefined },
    keyPrefixes: [''],
    areOperatorsNamed: false,
    secondLookAfterMs: 600_000,
    callTimeoutMs: 1_000,
    log: createLog(() => undefined),
  });

  const messages = ['a', 'b', 'c', 'd'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id }))));
  const { batchItemFailures } = (await handler(sqsEvent(...messages), lambdaContext())) as SQSBatchResponse;
  expect(batchItemFailures).toHaveLength(4);
  // One request when processing starts, and one for each message after its failure.
  expect(waits.map(({ length }) => length)).toEqual([4, 1, 1, 1, 1]);
  return { calls, waits: waits.slice(1) };
}

it.each([402, 403])('%i stops the calls of the batch, and all its photos wait for five minutes', async (status) => {
  const { calls, waits } = await processFour(status);
  expect(calls).toBe(1);
  for (const [waitMs] of waits) {
    expect(waitMs).toBeGreaterThanOrEqual(300_000);
    expect(waitMs).toBeLessThan(375_000);
  }
});

it('401 stops the calls of the batch when the new key is refused too', async () => {
  // The first call of each photo, and one with the new key.
  expect((await processFour(401)).calls).toBe(5);
});

it.each([400, 404, 405, 408, 409, 410, 415, 418, 425, 429, 451, 500, 503])(
  '%i affects only its photo, and the calls for other photos continue',
  async (status) => {
    expect((await processFour(status)).calls).toBe(4);
  },
);
