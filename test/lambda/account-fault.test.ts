import { expect, it } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import type { Refused } from '../../lambda/complycube';
import { createHandler } from '../../lambda/create-handler';
import { createLog } from '../../lambda/log';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { arrivedImage } from './arriving-images';
import { lambdaContext, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './events';

const image = makeJpeg({ bytes: 34_000, seed: 1 });
const paymentDue: Refused = {
  ...{ kind: 'refused', status: 402, type: undefined, message: undefined, param: undefined },
  ...{ retryAfterMs: undefined, requestId: undefined, tookMs: 0 },
};

it('sends nothing more of the batch once the account is found at fault, and lets all wait five minutes', async () => {
  const sent: Promise<Refused>[] = [];
  const waits: number[] = [];
  const record = { ...photoLocation, claimedAt: '', leaseUntil: '', attempt: 1, holder: '' };
  const handler = createHandler({
    photos: {
      open: () =>
        Promise.resolve({
          bytes: image.length,
          metadata: { 'client-id': 'a' },
          tagCount: 0,
          read: () => arrivedImage(image),
          discard: () => undefined,
        }),
      readTags: () => Promise.resolve(new Map()),
      writeTags: () => Promise.resolve('written'),
    },
    claims: {
      claim: () => Promise.resolve({ record, claimETag: '', isOwn: true }),
      takeOver: (claim) => Promise.resolve(claim),
      release: () => Promise.resolve(),
      endLease: () => Promise.resolve(),
    },
    apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_abc') },
    complyCube: {
      // At a pace that lets a call start when the one before it is answered, and what it means is known.
      uploadLivePhoto: async (_request, _image, { gate }) => {
        await Promise.all(sent);
        await new Promise(setImmediate);
        gate.pass();
        const answer = Promise.resolve(paymentDue);
        sent.push(answer);
        return answer;
      },
      listLivePhotos: () => Promise.reject(new Error('unplanned call')),
      downloadLivePhoto: () => Promise.reject(new Error('unplanned call')),
    },
    queue: {
      hideFor: (_receiptHandle, waitMs) => {
        waits.push(waitMs);
        return Promise.resolve();
      },
    },
    events: { publish: () => Promise.resolve() },
    clock: { now: () => 0 },
    functionName: 'upload',
    performLivenessCheck: undefined,
    callTimeoutMs: 1_000,
    log: createLog(() => undefined),
  });

  const messages = ['a', 'b', 'c', 'd'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id }))));
  const { batchItemFailures } = (await handler(sqsEvent(...messages), lambdaContext())) as SQSBatchResponse;
  expect(batchItemFailures).toHaveLength(4);
  expect(waits).toEqual([300_000, 300_000, 300_000, 300_000]);
  expect(sent.length).toBeLessThan(4);
});
