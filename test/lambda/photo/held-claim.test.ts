import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Claim, type ClaimRecord, toIso } from '../../../contract/claim-record';
import { HeldClaim } from '../../../lambda/photo/held-claim';
import { reject } from '../../../contract/outcome';
import { RetryLaterError, UploadUnknownError } from '../../../lambda/retry-later-error';
import { photoLocation } from '../fixtures/events';
import { never } from '../fixtures/fake-time';

const { bucket, key, versionId, eTag } = photoLocation;
const startMs = Date.UTC(2026, 10, 23, 10);
let nowMs: number;
let timers: { readonly ms: number; readonly fire: () => void }[];
/** Changes of the claim. */
let changes: (Partial<ClaimRecord> | 'deleted')[];

beforeEach(() => {
  nowMs = startMs;
  timers = [];
  changes = [];
});

const working = {
  update: (_: Claim, change: Partial<ClaimRecord>) => {
    changes.push(JSON.parse(JSON.stringify(change)) as Partial<ClaimRecord>);
    return Promise.resolve();
  },
  delete: () => {
    changes.push('deleted');
    return Promise.resolve();
  },
};

function hold(more: Partial<ClaimRecord> = {}, mustReconcile = false, store: typeof working = working): HeldClaim {
  const record: ClaimRecord = {
    ...{ bucket, key, versionId, eTag, attempt: 1, holder: 'own' },
    claimedAt: toIso(startMs),
    leaseUntil: toIso(startMs + 135_000),
    ...more,
  };
  const after = (ms: number, fire: () => void) => {
    timers.push({ ms, fire });
    return () => undefined;
  };
  return new HeldClaim(
    { record, claimETag: '"1"' },
    { mustReconcile },
    {
      durations: { photoDeadlineMs: 60_000, clockSkewMs: 60_000, listingDelayMs: 15_000 },
      clock: { now: () => nowMs, after },
      ...store,
    },
  );
}

const failure = new RetryLaterError('rate-limited', 'ComplyCube answered 429');
const unknown = new UploadUnknownError('reset');
const rejected = reject('too-small', 'tiny');
const uploaded = { status: 'uploaded', livePhotoId: 'abc' } as const;
/** In the past for every clock. */
const ended = toIso(startMs - 60_000);

describe('a held claim', () => {
  it.each([
    [0, true],
    [75_000, true],
    [75_001, false],
    [600_000, false],
  ])('after %i ms allows the upload and the tag write: %s', (ms, isOwn) => {
    const claim = hold();
    nowMs += ms;
    let thrown: unknown;
    try {
      claim.ensureLease();
    } catch (error) {
      thrown = error;
    }
    if (isOwn) expect(thrown).toBeUndefined();
    else expect(thrown).toMatchObject({ code: 'lease-expired' });
  });

  it('counts each kind of refusal separately, starting at the stored counts', () => {
    const refused = { count: 3, firstAt: toIso(startMs - 1), lastAt: toIso(startMs - 1) };
    const claim = hold({ refusals: { refused } });
    expect(claim.countRefusal('refused')).toEqual({ ...refused, count: 4, lastAt: toIso(startMs) });
    expect(claim.countRefusal('client-unknown').count).toBe(1);
    expect(claim.refusalCount('refused')?.count).toBe(4);
  });

  it.each([
    [-1, undefined],
    [0, 3],
    [1, 3],
  ])('that began %i ms after the rejection was taken back has the count %s', (ms, count) => {
    const firstAt = toIso(startMs + ms);
    const claim = hold({ refusals: { refused: { count: 3, firstAt, lastAt: firstAt } } });
    claim.dropRefusalsBefore(startMs);
    expect(claim.refusalCount('refused')?.count).toBe(count);
  });
});

describe('after a failure', () => {
  it('the claim is deleted if ComplyCube certainly has no live photo', async () => {
    await hold().release(failure);
    expect(changes).toEqual(['deleted']);
  });

  it.each<[string, () => HeldClaim, Partial<ClaimRecord>]>([
    [
      'the live photo is known',
      () => {
        const claim = hold();
        claim.livePhotoId = 'abc';
        return claim;
      },
      { leaseUntil: ended, livePhotoId: 'abc', refusals: {} },
    ],
    ['an earlier attempt may have uploaded the photo', () => hold({}, true), { leaseUntil: ended, refusals: {} }],
    [
      'refusals are counted',
      () => {
        const claim = hold();
        claim.countRefusal('refused');
        return claim;
      },
      {
        leaseUntil: ended,
        maybeUploaded: false as const,
        refusals: { refused: { count: 1, firstAt: toIso(startMs), lastAt: toIso(startMs) } },
      },
    ],
  ])('the claim is kept, with its lease ended, if %s', async (_, make, change) => {
    await make().release(failure);
    expect(changes).toEqual([change]);
  });

  it('the claim does not say that nothing was uploaded if an earlier attempt may have uploaded the photo', async () => {
    const claim = hold({}, true);
    claim.countRefusal('refused');
    await claim.release(failure);
    expect(changes).toEqual([expect.not.objectContaining({ maybeUploaded: false })]);
  });

  it('the claim is leased until ComplyCube lists the live photo if the outcome is unknown', async () => {
    await hold().release(unknown);
    expect(changes).toEqual([{ leaseUntil: toIso(startMs + 75_000), refusals: {} }]);
  });

  it('the lease ends immediately if the outcome is unknown but the live photo is known', async () => {
    await hold({ livePhotoId: 'abc' }).release(unknown);
    expect(changes).toEqual([{ leaseUntil: ended, livePhotoId: 'abc', refusals: {} }]);
  });
});

describe('after an outcome', () => {
  it('in the tags, the claim of an uploaded photo is not changed', async () => {
    await hold().finish(uploaded, true);
    expect(changes).toEqual([]);
  });

  it('that is not in the tags, the claim keeps the live photo', async () => {
    const claim = hold();
    claim.livePhotoId = 'abc';
    await claim.finish(uploaded, false);
    expect(changes).toEqual([{ leaseUntil: ended, livePhotoId: 'abc', refusals: {} }]);
  });

  it.each([true, false])('the claim of a rejected photo is deleted with its counts (tagged: %s)', async (isProven) => {
    const claim = hold();
    claim.countRefusal('refused');
    await claim.finish(rejected, isProven);
    expect(changes).toEqual(['deleted']);
  });

  it('the claim of a rejected photo is kept without counts if an earlier attempt may have uploaded it', async () => {
    const claim = hold({}, true);
    claim.countRefusal('refused');
    await claim.finish(rejected, true);
    expect(changes).toEqual([{ leaseUntil: ended, refusals: {} }]);
  });
});

describe('a change of the claim', () => {
  it.each<[string, typeof working]>([
    [
      'fails',
      { update: () => Promise.reject(new Error('SlowDown')), delete: () => Promise.reject(new Error('SlowDown')) },
    ],
    ['never ends', { update: never, delete: never }],
  ])('that %s is ignored, because the lease expires anyway', async (_, store) => {
    for (const mustReconcile of [true, false]) {
      const giving = hold({}, mustReconcile, store).release(failure);
      for (const { fire } of timers) fire();
      await expect(giving).resolves.toBeUndefined();
    }
  });

  it('is aborted after four seconds, so that the photo ends within its deadline', async () => {
    await hold().release(failure);
    expect(timers.map(({ ms }) => ms)).toEqual([4_000, 4_000]);
  });
});
