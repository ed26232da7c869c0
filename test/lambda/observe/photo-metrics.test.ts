import { describe, expect, it } from '@jest/globals';
import { type MeasuredDelivery, measureDelivery } from '../../../lambda/observe/photo-metrics';
import { reject, type Skipped } from '../../../contract/outcome';
import { AccountFaultError, RetryLaterError } from '../../../lambda/retry-later-error';

const skip = (because: Skipped['because']): MeasuredDelivery['end'] => ({ result: { status: 'skipped', because } });
const uploaded: MeasuredDelivery['end'] = { result: { status: 'uploaded', livePhotoId: 'abc' } };
const rejected: MeasuredDelivery['end'] = { result: reject('too-small', 'tiny') };

const measure = (end: MeasuredDelivery['end'], more: Partial<MeasuredDelivery> = {}) =>
  measureDelivery({ end, summary: {}, receives: 1, pacePercent: 80, ageMs: { atStart: 10, atEnd: 90 }, ...more });

describe('the delivery of a photo', () => {
  it.each<[string, MeasuredDelivery['end'], object]>([
    ['is uploaded', uploaded, { PhotosUploaded: 1, PhotosRejected: 0 }],
    ['is rejected', rejected, { PhotosUploaded: 0, PhotosRejected: 1 }],
    ['is retried', { error: new RetryLaterError('s3-failed', 'no answer') }, { PhotosRetried: 1 }],
    ['waits for the account', { error: new AccountFaultError('bad key') }, { PhotosRetried: 1, AccountFaults: 1 }],
    ['is a folder', skip('folder-marker'), {}],
    ['is marked to skip', skip('marked'), { PhotosMarkedToSkip: 1 }],
    ['has an outcome', skip('duplicate'), { DuplicatesSkipped: 1 }],
    ['was erased', skip('erased'), { ErasedSkipped: 1 }],
    ['was deleted', skip('gone'), { PhotosGone: 1 }],
    ['was overwritten', skip('overwritten'), { PhotosGone: 1 }],
  ])('that %s publishes its outcome and its age', (_, end, metrics) => {
    expect(measure(end)).toEqual({ ...metrics, EventAge: 10 });
  });

  it.each<[string, Partial<MeasuredDelivery>, object]>([
    ['the first redelivery', { receives: 2 }, { Redeliveries: 1 }],
    ['an earlier live photo', { summary: { reconciled: 'adopted' } }, { LivePhotosAdopted: 1 }],
    ['a search without a result', { summary: { reconciled: 'not-found' } }, { LivePhotosNotFound: 1 }],
    ['a new refusal', { summary: { isNewlyRefused: true } }, { PhotosRefused: 1 }],
    ['a refusal that was counted before', { summary: { isNewlyRefused: false } }, {}],
    ['an object that could not be tagged', { summary: { isTagged: false } }, { OutcomesUntagged: 1 }],
    ['an object that was tagged', { summary: { isTagged: true } }, { TimeToTag: 90 }],
    ['the size of the photo', { summary: { bytes: 50_000 } }, { PhotoBytes: 50_000 }],
  ])('publishes the facts about %s', (_, more, metrics) => {
    expect(measure(uploaded, more)).toEqual({ PhotosUploaded: 1, PhotosRejected: 0, EventAge: 10, ...metrics });
  });

  it('publishes a size only if the photo was uploaded', () => {
    expect(measure(rejected, { summary: { bytes: 50 } })).not.toHaveProperty('PhotoBytes');
    expect(measure(uploaded)).not.toHaveProperty('PhotoBytes');
  });
});

describe('a call to ComplyCube', () => {
  it.each<[number | undefined, object]>([
    [undefined, { ApiCallsUnanswered: 1 }],
    [199, { ApiCallsUnanswered: 1 }],
    [200, { ApiCalls2xx: 1 }],
    [299, { ApiCalls2xx: 1 }],
    [300, { ApiCallsUnanswered: 1 }],
    [399, { ApiCallsUnanswered: 1 }],
    [400, { ApiCalls4xx: 1 }],
    [428, { ApiCalls4xx: 1 }],
    [429, { ApiCalls4xx: 1, RateLimited: 1 }],
    [499, { ApiCalls4xx: 1 }],
    [500, { ApiCalls5xx: 1 }],
  ])('with the status %s is counted as %j, with its latency and the pace', (status, metrics) => {
    const summary = { apiCalls: [{ status, tookMs: 20, requestId: undefined }] };
    const { PhotosUploaded, PhotosRejected, EventAge, ...calls } = measure(uploaded, { summary });
    expect([PhotosUploaded, PhotosRejected, EventAge]).toEqual([1, 0, 10]);
    expect(calls).toEqual({ ...metrics, ApiLatency: [20], PaceAllowed: 80 });
  });

  it('adds to the other calls of its delivery', () => {
    const apiCalls = [429, 429, 201].map((status, index) => ({ status, tookMs: index, requestId: undefined }));
    expect(measure(uploaded, { summary: { apiCalls } })).toMatchObject({
      ...{ ApiCalls4xx: 2, RateLimited: 2, ApiCalls2xx: 1 },
      ApiLatency: [0, 1, 2],
    });
  });
});
