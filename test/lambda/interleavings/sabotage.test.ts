import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { clockSkewMs, listingDelayMs } from '../../../contract/durations';
import type { ClaimRecord } from '../../../contract/claim-record';
import { Claims } from '../../../lambda/aws/claims';
import type { Refused } from '../../../lambda/complycube/answer';
import { HeldClaim } from '../../../lambda/photo/held-claim';
import type { ObjectVersion } from '../../../contract/object-version';
import type { TagSet } from '../../../contract/outcome-tags';
import type { BatchDeps } from '../../../lambda/process-batch';
import type { Invariant } from './invariants';
import { clientScenarios, invariantsHold, scenarios } from './scenarios';
import type { Scenario } from './scenario';
import type { Sabotage } from './world';

const withClaims = (change: (claims: Claims) => Partial<BatchDeps['claims']>): Sabotage => {
  return (deps) => {
    if (!(deps.claims instanceof Claims)) throw new Error('the claims are no Claims');
    return { ...deps, claims: { ...methodsOf<BatchDeps['claims']>(deps.claims), ...change(deps.claims) } };
  };
};
/** Changes every claim that a delivery holds. */
const withHeldClaims = (change: (claim: HeldClaim) => HeldClaim): Sabotage =>
  withClaims((claims) => ({
    claim: async (location, signal) => {
      const claim = await claims.claim(location, signal);
      return claim instanceof HeldClaim ? change(claim) : claim;
    },
    takeOver: async (claim, signal) => change(await claims.takeOver(claim, signal)),
  }));
const withDurations = (change: Partial<Claims['durations']>): Sabotage =>
  withClaims((claims) => {
    Object.assign(claims, { durations: { ...claims.durations, ...change } });
    return {};
  });
const withPhotos =
  (change: (photos: BatchDeps['photos']) => Partial<BatchDeps['photos']>): Sabotage =>
  (deps) => ({ ...deps, photos: { ...methodsOf(deps.photos), ...change(deps.photos) } });
const withComplyCube =
  (change: (complyCube: BatchDeps['complyCube']) => Partial<BatchDeps['complyCube']>): Sabotage =>
  (deps) => ({ ...deps, complyCube: { ...deps.complyCube, ...change(deps.complyCube) } });
const both =
  (first: Sabotage, second: Sabotage): Sabotage =>
  (deps) =>
    second(first(deps));

/** A lost answer, a live photo that is listed as late as possible, and a second event that arrives at that moment. */
const lateListing: fc.Arbitrary<Scenario> = scenarios.map((scenario) => ({
  ...scenario,
  photos: scenario.photos.map((photo) => ({ ...photo, eventDelaysMs: [0, ...photo.eventDelaysMs] })),
  clockOffsetsMs: [0, clockSkewMs],
  disruptions: [],
  fates: ['reset after'],
  listingDelaysMs: [listingDelayMs],
  awsFaults: [],
  deletedPhoto: undefined,
}));

/** Several events of one photo. The first delivery dies, so that others try to take over its claim at the same time. */
const rivals: fc.Arbitrary<Scenario> = scenarios.map((scenario) => ({
  ...scenario,
  photos: scenario.photos.slice(0, 1).map((photo) => ({ ...photo, eventDelaysMs: [0, 0, 0] })),
  clockOffsetsMs: [0, 0, 0],
  batchSize: 1,
  disruptions: [{ step: 5, what: 'dies', lateMs: 0 }],
  awsFaults: [],
  deletedPhoto: undefined,
}));

/** Two events of one photo. The first environment wakes when the lease of its claim has ended. */
const lateAwakening: fc.Arbitrary<Scenario> = fc
  .record({ scenario: scenarios, step: fc.nat(22), lateMs: fc.integer({ min: 90_000, max: 600_000 }) })
  .map(({ scenario, step, lateMs }) => ({
    ...scenario,
    photos: scenario.photos.slice(0, 1).map((photo) => ({ ...photo, eventDelaysMs: [0, 0], erasures: [] })),
    clockOffsetsMs: [0, 0],
    batchSize: 1,
    disruptions: [{ step, what: 'wakes late', lateMs }],
    fates: [],
    awsFaults: [],
    deletedPhoto: undefined,
  }));

/** More messages than one batch has, so that an invocation draws. */
const backlog: fc.Arbitrary<Scenario> = scenarios.map((scenario) => ({
  ...scenario,
  photos: scenario.photos.map((photo) => ({ ...photo, eventDelaysMs: [0, 0, 0] })),
  batchSize: 2,
  deletedPhoto: undefined,
}));

/** Photos that are all erased, before, during or after their upload. */
const erasures: fc.Arbitrary<Scenario> = scenarios.chain((scenario) =>
  fc.nat(400_000).map((delayMs) => ({
    ...scenario,
    photos: scenario.photos.map((photo) => ({ ...photo, erasures: [{ delayMs, request: 1 }] })),
    deletedPhoto: undefined,
  })),
);

/** The erasure comes before the event. Its environment dies at some step. */
const earlyErasures: fc.Arbitrary<Scenario> = erasures.chain((scenario) =>
  fc.nat(30).map((step) => ({
    ...scenario,
    photos: scenario.photos.slice(0, 1).map((photo) => ({
      ...photo,
      eventDelaysMs: [2_000_000],
      erasures: [{ delayMs: 0, request: 1 }],
    })),
    clockOffsetsMs: [0],
    disruptions: [{ step, what: 'dies', lateMs: 0 }],
    awsFaults: [],
  })),
);

/** The erasure and the event come at the same time, to two environments. */
const simultaneous: fc.Arbitrary<Scenario> = erasures.map((scenario) => ({
  ...scenario,
  photos: scenario.photos.slice(0, 1).map((photo) => ({
    ...photo,
    eventDelaysMs: [0],
    erasures: [{ delayMs: 0, request: 1 }],
  })),
  clockOffsetsMs: [0, 0],
  batchSize: 1,
  disruptions: [],
  fates: [],
  awsFaults: [],
}));

/** Changes the claims that an erasure reads. */
const withClaimsOfErasures = (change: (record: ClaimRecord) => ClaimRecord): Sabotage =>
  withClaims((claims) => ({
    read: async (version, signal) => {
      const claim = await claims.read(version, signal);
      return claim && { ...claim, record: change(claim.record) };
    },
  }));
const facts = { requestId: undefined, tookMs: 0 };
const deleted = { kind: 'accepted', status: 204, value: undefined, ...facts } as const;
const ownNotFound: Refused = {
  ...{ kind: 'refused', status: 404, type: 'resource_not_found', message: 'Invalid live photo id', param: undefined },
  ...{ retryAfterMs: undefined, ...facts },
};

/** For each mechanism that is removed, the invariant that it protects. */
const sabotages: [string, Invariant, Sabotage, fc.Arbitrary<Scenario>?][] = [
  [
    'every delivery gets the claim',
    'one live photo at most',
    withClaims((claims) => ({
      claim: async (location, signal) => {
        const claim = await claims.claim(location, signal);
        return claim instanceof HeldClaim ? claim : new HeldClaim(claim, { mustReconcile: false }, claims);
      },
    })),
  ],
  [
    'a claim is taken over before its lease has expired',
    'one live photo at most',
    withClaims((claims) => ({
      takeOver: ({ record, claimETag }, signal) =>
        claims.takeOver({ record: { ...record, leaseUntil: new Date(0).toISOString() }, claimETag }, signal),
    })),
  ],
  [
    'a claim is taken over without a condition',
    'one live photo at most',
    withClaims((claims) => ({
      takeOver: (claim) => Promise.resolve(new HeldClaim(claim, { mustReconcile: true }, claims)),
    })),
    rivals,
  ],
  [
    'a claim is deleted although the outcome is unknown',
    'one live photo at most',
    withClaims((claims) => {
      claims.update = (claim, _, signal) => claims.delete(claim, signal);
      return {};
    }),
  ],
  ['a lease ignores that clocks differ', 'one live photo at most', withDurations({ clockSkewMs: 0 }), lateListing],
  [
    'a lease ignores that live photos are listed late',
    'one live photo at most',
    withDurations({ listingDelayMs: 0 }),
    lateListing,
  ],
  [
    'a photo is uploaded after its environment wakes late',
    'one live photo at most',
    both(
      withHeldClaims((claim) => {
        claim.ensureLease = () => undefined;
        return claim;
      }),
      withComplyCube((complyCube) => ({
        uploadLivePhoto: (request, image, options) =>
          complyCube.uploadLivePhoto(request, image, {
            ...options,
            gate: { pass: () => undefined },
            signal: new AbortController().signal,
          }),
      })),
    ),
    lateAwakening,
  ],
  [
    'no delivery searches for the live photo of an earlier attempt',
    'one live photo at most',
    withHeldClaims((claim) => {
      Object.assign(claim, { mustReconcile: false });
      return claim;
    }),
  ],
  [
    'the live photo of another photo of the same size is adopted',
    'no tags for another live photo',
    (deps) => {
      let image: Buffer = Buffer.alloc(0);
      return both(
        withPhotos((photos) => ({
          open: async (location, signal) => {
            const photo = await photos.open(location, signal);
            if (typeof photo === 'string') return photo;
            return {
              ...photo,
              read: () => {
                const arriving = photo.read();
                arriving.until(photo.bytes).then(
                  (bytes) => (image = Buffer.from(bytes)),
                  () => undefined,
                );
                return arriving;
              },
            };
          },
        })),
        withComplyCube(() => ({
          downloadLivePhoto: () =>
            Promise.resolve({ kind: 'accepted', status: 200, value: image, requestId: undefined, tookMs: 0 }),
        })),
      )(deps);
    },
  ],
  [
    'a failed read of the tags is treated as no tags',
    'the tags of others survive',
    withPhotos((photos) => ({
      readTags: (location, signal) => photos.readTags(location, signal).catch(() => new Map<string, string>()),
    })),
  ],
  [
    'the tags are not read again after the upload',
    'the tags of others survive',
    withPhotos((photos) => {
      const tagsAtOpening = new Map<ObjectVersion, TagSet | 'gone'>();
      return {
        open: async (location, signal) => {
          tagsAtOpening.set(location, await photos.readTags(location, signal));
          return photos.open(location, signal);
        },
        readTags: (location, signal) =>
          Promise.resolve(tagsAtOpening.get(location) ?? photos.readTags(location, signal)),
      };
    }),
  ],
  [
    'tags are written on the newest version',
    'no tags for another live photo',
    withPhotos((photos) => ({
      writeTags: (location, tags, signal) => photos.writeTags({ ...location, versionId: 'version-2' }, tags, signal),
    })),
  ],
  [
    'a failure to read is treated as an object that is gone',
    'every message ends',
    withPhotos((photos) => ({
      open: (location, signal) => photos.open(location, signal).catch(() => 'gone' as const),
    })),
  ],
  [
    'the message is acknowledged before the outcome is published',
    'each outcome is published',
    (deps) => ({
      ...deps,
      events: {
        ...deps.events,
        publish: (outcome, signal) => {
          deps.events.publish(outcome, signal).catch(() => undefined);
          return Promise.resolve();
        },
      },
    }),
  ],
  [
    'a drawn message is deleted when it is received',
    'every message ends',
    (deps) => ({
      ...deps,
      queue: {
        ...methodsOf(deps.queue),
        receive: async (hiddenForMs) => {
          const received = await deps.queue.receive(hiddenForMs);
          if (received.length > 0) await deps.queue.delete(received);
          return received;
        },
      },
    }),
    backlog,
  ],
  [
    'a message is deleted instead of hidden',
    'every message ends',
    (deps) => ({
      ...deps,
      queue: {
        ...methodsOf(deps.queue),
        hide: (messages) => deps.queue.delete(messages),
      },
    }),
    backlog,
  ],
  [
    'an upload ignores tombstone and tag of an erased version',
    'an erased version has no live photo',
    both(
      withClaims((claims) => ({
        claim: async (location, signal) => {
          const claim = await claims.claim(location, signal);
          if (claim instanceof HeldClaim || claim.record.erasure === undefined) return claim;
          const record = { ...claim.record, erasure: undefined, leaseUntil: new Date(0).toISOString() };
          return { ...claim, record };
        },
      })),
      withPhotos((photos) => ({
        readTags: async (version, signal) => {
          const tags = await photos.readTags(version, signal);
          return tags === 'gone' ? tags : new Map([...tags].filter(([, value]) => value !== 'erased'));
        },
      })),
    ),
    earlyErasures,
  ],
  [
    'an erasure neither waits for the upload that is under way nor looks for its live photo twice',
    'an erased version has no live photo',
    both(
      withClaimsOfErasures((record) => ({ ...record, leaseUntil: new Date(0).toISOString() })),
      (deps) => ({ ...deps, secondLookAfterMs: 0 }),
    ),
    simultaneous,
  ],
  [
    'an erasure does not search for the live photo of an upload with an unknown result',
    'an erased version has no live photo',
    withClaimsOfErasures((record) => ({ ...record, maybeUploaded: false })),
    erasures,
  ],
  [
    'an unreadable live photo is treated as one that does not exist',
    'an erased version has no live photo',
    withComplyCube((complyCube) => ({
      readLivePhoto: async (...call) => {
        const answer = await complyCube.readLivePhoto(...call);
        return answer.kind === 'accepted' ? answer : ownNotFound;
      },
    })),
    erasures,
  ],
  [
    'an unknown answer to a deletion is treated as a deletion',
    'an erased version has no live photo',
    withComplyCube((complyCube) => ({
      deleteLivePhoto: async (...call) => ({ ...(await complyCube.deleteLivePhoto(...call)), ...deleted }),
    })),
    erasures,
  ],
  [
    'a deletion is not noted before it is requested',
    'the evidence is true',
    withClaims((claims) => ({
      replace: ({ erasure, ...record }, claimETag, signal) =>
        claims.replace(
          { ...record, ...(erasure && { erasure: { ...erasure, deleting: undefined } }) },
          claimETag,
          signal,
        ),
    })),
    erasures,
  ],
  [
    'each delivery of an erasure writes evidence of its own',
    'an erasure has evidence exactly once',
    (deps) => {
      const { erasureRecords } = deps;
      const keep: typeof erasureRecords.keep = (record, version, signal) =>
        erasureRecords.keep({ ...record, requestId: `${record.requestId}-${randomUUID()}` }, version, signal);
      return { ...deps, erasureRecords: { ...methodsOf(erasureRecords), keep } };
    },
    earlyErasures,
  ],
  [
    'an erasure is acknowledged before its event is published',
    'each outcome is published',
    (deps) => ({
      ...deps,
      events: {
        ...deps.events,
        publishErased: (...event) => {
          deps.events.publishErased(...event).catch(() => undefined);
          return Promise.resolve();
        },
      },
    }),
    erasures,
  ],
  [
    'the erasure of a client does not wait until ComplyCube lists all its live photos',
    'an erased client has no live photo',
    withDurations({ listingDelayMs: -clockSkewMs }),
    clientScenarios,
  ],
  [
    'a photo has no deadline',
    'every invocation answers',
    (deps) => ({ ...deps, clock: { ...deps.clock, after: () => () => undefined } }),
  ],
];

describe('without a mechanism', () => {
  it.each(sabotages)('if %s, the invariant “%s” fails', async (_, invariant, sabotage, drawn = scenarios) => {
    const { failed } = await fc.check(invariantsHold(drawn, { sabotage, invariant }), {
      numRuns: 20_000,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
  });
});

/** The methods of an instance, bound to it, as a plain object that others can replace. */
function methodsOf<Instance extends object>(instance: Instance): Instance {
  const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(prototype).filter(
    (name) => name !== 'constructor' && typeof prototype[name] === 'function',
  );
  return Object.fromEntries(
    names.map((name) => [name, (prototype[name] as (...args: unknown[]) => unknown).bind(instance)]),
  ) as Instance;
}
