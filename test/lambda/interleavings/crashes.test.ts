import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallFate } from './in-memory-complycube';
import { callFates, invariantsHold } from './scenarios';
import type { Disruption, Scenario } from './scenario';
import { World } from './world';

const onePhoto: Scenario = {
  photos: [
    {
      key: 'photo.jpg',
      versionId: 'version-1',
      picture: 1,
      clientId: 'client-1',
      tags: { team: 'kyc' },
      isTaggedMeanwhile: true,
      eventDelaysMs: [0],
    },
  ],
  strays: [],
  clientErasure: undefined,
  clockOffsetsMs: [0],
  batchSize: 1,
  disruptions: [],
  fates: [],
  listingDelaysMs: [],
  awsFaults: [],
  ticks: [],
  deletedPhoto: undefined,
};
/** More steps than any invocation has. */
const steps = Array.from({ length: 32 }, (_, step) => step);
const kinds: Disruption['what'][] = ['dies', 'hangs', 'wakes late'];
/** From before the photo's deadline to long after another delivery took over its claim. */
const lateMs = fc.constantFrom(30_000, 58_000, 90_000, 200_000, 600_000);

describe.each(kinds)('an environment that %s at every await', (what) => {
  it.each(callFates)(
    'keeps every invariant, in the first delivery and in the next one (first call: %s)',
    async (fate) => {
      for (const first of steps) {
        const scenario = fc
          .record({
            second: fc.constantFrom(...steps),
            late: lateMs,
            eventDelaysMs: fc.constantFrom([0], [0, 0], [0, 70_000]),
          })
          .map(({ second, late, eventDelaysMs }) => ({
            ...onePhoto,
            photos: onePhoto.photos.map((photo) => ({ ...photo, eventDelaysMs })),
            clockOffsetsMs: eventDelaysMs.map((_, at) => at * 60_000),
            fates: [fate],
            disruptions: [first, second].map((step): Disruption => ({ step, what, lateMs: late })),
          }));
        await fc.assert(invariantsHold(scenario), { numRuns: 8 });
      }
    },
  );
});

/** The photo is uploaded, and erased when the lease of its claim has ended. */
const erasing: Scenario = {
  ...onePhoto,
  photos: onePhoto.photos.map((photo) => ({ ...photo, erasures: [{ delayMs: 200_000, request: 1 }] })),
};
/** The upload's answer is lost, so the erasure searches for the live photo, and once more after ten minutes. */
const erasingUnknown: Scenario = {
  ...erasing,
  photos: erasing.photos.map((photo) => ({ ...photo, erasures: [{ delayMs: 0, request: 1 }] })),
  disruptions: [{ step: 9, what: 'dies', lateMs: 0 }],
};
/** More steps than an erasure has. */
const erasureSteps = Array.from({ length: 48 }, (_, step) => step);

describe.each(kinds)('an environment that %s at every await of an erasure', (what) => {
  it.each<[string, Scenario, CallFate[]]>([
    ['accepted', erasing, ['accepted']],
    ['the deletion’s answer is lost', erasing, ['accepted', 'accepted', 'reset after']],
    ['refused', erasing, ['accepted', 'accepted', 422]],
    ['the upload’s result is unknown', erasingUnknown, ['accepted']],
  ])('keeps every invariant, in the first delivery and in the next one (%s)', async (_, scenario, fates) => {
    for (const first of erasureSteps) {
      const disrupted = fc
        .record({ second: fc.constantFrom(...erasureSteps), late: lateMs })
        .map(({ second, late }) => ({
          ...scenario,
          fates,
          disruptions: [
            scenario.disruptions[0],
            ...[first, second].map((step): Disruption => ({ step, what, lateMs: late })),
          ],
        }));
      await fc.assert(invariantsHold(disrupted), { numRuns: 2 });
    }
  });
});

it.each([
  ['erasure', erasing],
  ['search', erasingUnknown],
])('covers every step of an %s', async (_, scenario) => {
  const [scheduler] = fc.sample(fc.scheduler(), 1);
  if (scheduler === undefined) throw new Error('no scheduler');
  const world = new World(scheduler, scenario);
  await world.run();
  expect(world.longestInvocation).toBeLessThan(erasureSteps.length);
  expect(world.longestInvocation).toBeGreaterThan(20);
});

/** Two messages are delivered together, and the third is drawn. */
const drawing: Scenario = {
  ...onePhoto,
  photos: [1, 2, 3].flatMap((at) =>
    onePhoto.photos.map((photo) => ({ ...photo, versionId: `version-${at}`, picture: at })),
  ),
  batchSize: 2,
};
/** More than an invocation that draws has. */
const drawingSteps = Array.from({ length: 90 }, (_, step) => step);

describe.each(kinds)('an environment that %s at every await while it draws messages', (what) => {
  it.each<CallFate>(['accepted', 429, 'reset after', 'no answer'])(
    'keeps every invariant for delivered and drawn messages (first call: %s)',
    async (fate) => {
      for (const step of drawingSteps) {
        const scenario = fc.record({ late: lateMs }).map(({ late }) => ({
          ...drawing,
          fates: [fate],
          disruptions: [{ step, what, lateMs: late }],
        }));
        await fc.assert(invariantsHold(scenario), { numRuns: 3 });
      }
    },
  );
});

it('covers every step of an invocation that draws', async () => {
  const [scheduler] = fc.sample(fc.scheduler(), 1);
  if (scheduler === undefined) throw new Error('no scheduler');
  const world = new World(scheduler, drawing);
  await world.run();
  expect(world.drawn).toBe(1);
  expect(world.longestInvocation).toBeLessThan(drawingSteps.length);
  expect(world.longestInvocation).toBeGreaterThan(30);
});

it('covers every step of an invocation', async () => {
  const [scheduler] = fc.sample(fc.scheduler(), 1);
  if (scheduler === undefined) throw new Error('no scheduler');
  const world = new World(scheduler, onePhoto);
  await world.run();
  expect(world.longestInvocation).toBeLessThan(steps.length);
  expect(world.longestInvocation).toBeGreaterThan(10);
});
