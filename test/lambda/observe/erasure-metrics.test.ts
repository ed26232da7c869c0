import { describe, expect, it } from '@jest/globals';
import {
  type ErasureEnd,
  isRefused,
  type MeasuredErasure,
  measureErasure,
} from '../../../lambda/observe/erasure-metrics';

const measure = (more: Partial<MeasuredErasure> = {}) =>
  measureErasure({ end: { result: 'deleted' }, summary: {}, receives: 1, pacePercent: 100, ...more });

describe('an erasure', () => {
  it.each<[ErasureEnd, object, boolean]>([
    ['deleted', { PhotosErased: 1 }, false],
    ['not-found', { PhotosErased: 1, ErasuresNotFound: 1 }, false],
    ['refused', { ErasuresRefused: 1 }, true],
    ['already-erased', { DuplicatesSkipped: 1 }, false],
    [{ deleted: 5, notFound: 2, refused: 0 }, { PhotosErased: 7, ErasuresNotFound: 2, ErasuresRefused: 0 }, false],
    [{ deleted: 0, notFound: 0, refused: 1 }, { PhotosErased: 0, ErasuresNotFound: 0, ErasuresRefused: 1 }, true],
  ])('that ended as %j publishes %j (ComplyCube refused: %s)', (result, metrics, refused) => {
    expect(measure({ end: { result } })).toEqual(metrics);
    expect(isRefused(result)).toBe(refused);
  });

  it('that failed counts as retried', () => {
    expect(measure({ end: { error: new Error('reset') } })).toEqual({ ErasuresRetried: 1 });
  });

  it.each<[string, Partial<MeasuredErasure>, object]>([
    ['the first redelivery', { receives: 2 }, { Redeliveries: 1 }],
    ['an object that could not be tagged', { summary: { isTagged: false } }, { OutcomesUntagged: 1 }],
    ['an object that was tagged', { summary: { isTagged: true } }, {}],
    [
      'the calls to ComplyCube',
      { summary: { apiCalls: [{ status: 204, tookMs: 40, requestId: undefined }] }, pacePercent: 50 },
      { ApiCalls2xx: 1, ApiLatency: [40], PaceAllowed: 50 },
    ],
  ])('publishes the facts about %s', (_, more, metrics) => {
    expect(measure(more)).toEqual({ PhotosErased: 1, ...metrics });
  });
});
