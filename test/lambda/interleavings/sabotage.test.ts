import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { BatchEdges } from '../../../lambda/process-batch';
import type { Invariant } from './invariants';
import { invariantsHold, scenarios } from './scenarios';
import type { Sabotage } from './world';

jest.setTimeout(300_000);

const withClaims = (change: (claims: BatchEdges['claims']) => Partial<BatchEdges['claims']>): Sabotage => {
  return (edges) => ({ ...edges, claims: { ...methodsOf(edges.claims), ...change(edges.claims) } });
};
const withPhotos = (change: (photos: BatchEdges['photos']) => Partial<BatchEdges['photos']>): Sabotage => {
  return (edges) => ({ ...edges, photos: { ...methodsOf(edges.photos), ...change(edges.photos) } });
};
const withComplyCube = (change: Partial<BatchEdges['complyCube']>): Sabotage => {
  return (edges) => ({ ...edges, complyCube: { ...edges.complyCube, ...change } });
};

/** Mechanisms taken out, one at a time, and the invariant that each of them is for. */
const sabotages: [string, Invariant, Sabotage][] = [
  [
    'everybody who asks gets the claim',
    'one live photo at most',
    withClaims((claims) => ({ claim: async (location) => ({ ...(await claims.claim(location)), isOwn: true }) })),
  ],
  [
    'a claim is taken over while it is leased',
    'one live photo at most',
    withClaims((claims) => ({
      takeOver: ({ record, claimETag }) =>
        claims.takeOver({ record: { ...record, leaseUntil: new Date(0).toISOString() }, claimETag }),
    })),
  ],
  [
    'a claim is taken over without a condition',
    'one live photo at most',
    withClaims(() => ({ takeOver: (claim) => Promise.resolve(claim) })),
  ],
  [
    'a claim is released although the upload’s outcome is unknown',
    'one live photo at most',
    withClaims((claims) => ({ endLease: (claim) => claims.release(claim) })),
  ],
  [
    'nobody looks for the live photo of an earlier attempt',
    'one live photo at most',
    withComplyCube({
      listLivePhotos: () =>
        Promise.resolve({
          kind: 'accepted',
          status: 200,
          value: { livePhotos: [], pages: 0 },
          requestId: undefined,
          tookMs: 0,
        }),
    }),
  ],
  [
    'the live photo of another photo is adopted, as long as its size is the same',
    'no tags for another live photo',
    (edges) => {
      let image: Buffer = Buffer.alloc(0);
      return {
        ...edges,
        photos: {
          ...methodsOf(edges.photos),
          open: async (location) => {
            const photo = await edges.photos.open(location);
            if (typeof photo === 'string') return photo;
            return {
              ...photo,
              read: () => {
                const arriving = photo.read();
                void arriving.until(photo.bytes).then((bytes) => (image = Buffer.from(bytes)));
                return arriving;
              },
            };
          },
        },
        complyCube: {
          ...edges.complyCube,
          downloadLivePhoto: () =>
            Promise.resolve({ kind: 'accepted', status: 200, value: image, requestId: undefined, tookMs: 0 }),
        },
      };
    },
  ],
  [
    'a failed read of the tags is taken for an empty set',
    'the tags of others survive',
    withPhotos((photos) => ({
      readTags: (location) => photos.readTags(location).catch(() => new Map<string, string>()),
    })),
  ],
  [
    'tags are written on the newest version',
    'no tags for another live photo',
    withPhotos((photos) => ({
      writeTags: (location, tags) => photos.writeTags({ ...location, versionId: 'version-2' }, tags),
    })),
  ],
  [
    'a failure to look is taken for an object that is gone',
    'no message without its end',
    withPhotos((photos) => ({ open: (location) => photos.open(location).catch(() => 'gone' as const) })),
  ],
  [
    'nobody waits until the outcome is published',
    'each outcome is published',
    (edges) => ({
      ...edges,
      events: {
        publish: (outcome) => {
          void edges.events.publish(outcome);
          return Promise.resolve();
        },
      },
    }),
  ],
];

describe('with a mechanism taken out', () => {
  it.each(sabotages)('%s: “%s” fails', async (_, invariant, sabotage) => {
    const { failed } = await fc.check(invariantsHold(scenarios, { sabotage, invariant }), {
      numRuns: 5_000,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
  });
});

/** The methods of an instance, bound to it, as a plain object that others can be laid over. */
function methodsOf<Instance extends object>(instance: Instance): Instance {
  const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return Object.fromEntries(
    names.map((name) => [name, (prototype[name] as (...args: unknown[]) => unknown).bind(instance)]),
  ) as Instance;
}
