import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Disruption } from './disruption';
import { callFates, invariantsHold } from './scenarios';
import { type Scenario, World } from './world';

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

it('covers every step of an invocation', async () => {
  const [scheduler] = fc.sample(fc.scheduler(), 1);
  if (scheduler === undefined) throw new Error('no scheduler');
  const world = new World(scheduler, onePhoto);
  await world.run();
  expect(world.longestInvocation).toBeLessThan(steps.length);
  expect(world.longestInvocation).toBeGreaterThan(10);
});
