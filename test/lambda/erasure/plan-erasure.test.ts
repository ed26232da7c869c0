import { describe, expect, it } from '@jest/globals';
import type { ClaimRecord } from '../../../contract/claim-record';
import type { ErasureProgress } from '../../../contract/erasure-progress';
import { isOwnByTime, planErasure } from '../../../lambda/erasure/plan-erasure';
import { photoLocation } from '../fixtures/events';

const day = 86_400_000;
const nowMs = Date.UTC(2026, 10, 26);
const uploadedTags = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'tagged' };
const rejectedTags = { 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' };
const version = (tags: Readonly<Record<string, string>>, ageDays = 1) => ({
  ...{ bytes: 40_000, metadata: {}, createdAtMs: nowMs - ageDays * day },
  tags: new Map(Object.entries(tags)),
});
const claim = (more: Partial<ClaimRecord> = {}): ClaimRecord => ({
  ...photoLocation,
  ...{ claimedAt: '', leaseUntil: '', attempt: 1, holder: 'upload', isCopy: false },
  ...more,
});
const erasure: ErasureProgress = { requestId: 'request-1', requestedAt: '', requestedBy: '' };
const ofCopy = claim({ isCopy: true });
const ofEarlierFunction = claim({ isCopy: undefined });
const own = { livePhotoId: 'tagged', isProven: true };
const doubtful = { livePhotoId: 'tagged', isProven: false };

describe('the plan of an erasure', () => {
  it.each<[string, Parameters<typeof planErasure>[0], ClaimRecord | undefined, ReturnType<typeof planErasure>]>([
    ['the tags of an object that is no copy', version(uploadedTags), claim(), own],
    ['the tags, and no claim', version(uploadedTags), undefined, doubtful],
    ['the tags, and the claim of an erasure without an upload', version(uploadedTags), claim({ attempt: 0 }), doubtful],
    ['the tags, and a claim of an earlier version of the function', version(uploadedTags), ofEarlierFunction, doubtful],
    [
      'the claim, before the tags, which are copied',
      version(uploadedTags),
      claim({ isCopy: true, livePhotoId: 'claimed' }),
      { livePhotoId: 'claimed', isProven: true },
    ],
    [
      'the claim of a version that is gone',
      'gone',
      claim({ livePhotoId: 'claimed' }),
      { livePhotoId: 'claimed', isProven: true },
    ],
    [
      'the live photo whose deletion was requested, also if the version is gone by now',
      'gone',
      claim({ erasure: { ...erasure, deleting: ['asked'] } }),
      { livePhotoId: 'asked', isProven: true },
    ],
    [
      'nothing, if a copy was certainly not uploaded',
      version(uploadedTags),
      { ...ofCopy, maybeUploaded: false },
      'none',
    ],
    ['nothing, if the version was rejected', version(rejectedTags), undefined, 'none'],
    ['nothing, if the version was never processed', version({}), undefined, 'none'],
    ['nothing, if every attempt certainly failed', version({}), claim({ maybeUploaded: false }), 'none'],
    [
      'nothing, if the version is gone and every attempt certainly failed',
      'gone',
      claim({ maybeUploaded: false }),
      'none',
    ],
    ['a search, if an upload has no known result', version({}), claim(), 'search'],
    ['a search, if a rejected version may have been uploaded', version(rejectedTags), claim(), 'search'],
    ['a search, if the claim of an untagged version may have expired', version({}, 29), undefined, 'search'],
    ['no search for an old version that was rejected', version(rejectedTags, 99), undefined, 'none'],
    [
      'a search again, although a deletion was requested',
      version({}),
      claim({ erasure: { ...erasure, deleting: ['asked'], lookAgainAt: '2026-11-26T00:00:00Z' } }),
      'search',
    ],
  ])('follows %s', (_, found, record, plan) => {
    expect(planErasure(found, record, nowMs)).toEqual(plan);
  });

  it.each<[string, ClaimRecord | undefined]>([
    ['no claim', undefined],
    ['a claim that names no live photo', claim()],
    ['the claim of an erasure without an upload', claim({ attempt: 0 })],
  ])('does not exist for a version that is gone, with %s', (_, record) => {
    expect(() => planErasure('gone', record, nowMs)).toThrow(expect.objectContaining({ reason: 'live-photo-unknown' }));
  });

  it.each([uploadedTags, {}])('waits until the upload of a copy has a known result (tags: %j)', (tags) => {
    expect(() => planErasure(version(tags), ofCopy, nowMs)).toThrow(expect.objectContaining({ code: 'claim-held' }));
  });
});

describe('the times of a live photo and a version', () => {
  const olderBy = (ms: number | undefined) =>
    isOwnByTime({ createdAtMs: ms === undefined ? undefined : nowMs - ms }, { createdAtMs: nowMs });

  it('prove that the tags are the version’s own if the live photo is younger', () => {
    expect(olderBy(0)).toBe(true);
    expect(olderBy(-1)).toBe(true);
  });

  it('prove that the tags are copied if the live photo is more than five minutes older', () => {
    expect(olderBy(300_001)).toBe(false);
  });

  it.each([1, 300_000, undefined])('prove nothing if the live photo is older by %s ms', (ms) => {
    expect(() => olderBy(ms)).toThrow(expect.objectContaining({ reason: 'live-photo-unproven' }));
  });

  it('prove nothing if the time of the version is unknown', () => {
    expect(() => isOwnByTime({ createdAtMs: nowMs }, { createdAtMs: undefined })).toThrow('may be copied');
  });
});
