import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { callFates, invariantsHold } from './scenarios';
import { type Scenario, World } from './world';

jest.setTimeout(300_000);

const onePhoto: Scenario = {
  photos: [
    { key: 'photo.jpg', versionId: 'version-1', picture: 1, clientId: 'client-1', tags: { team: 'kyc' }, events: 1 },
  ],
  environments: 1,
  batchSize: 1,
  crashes: [],
  fates: [],
  s3Faults: [],
  ticks: [],
  deletedPhoto: undefined,
};
/** More than any invocation has. */
const steps = Array.from({ length: 26 }, (_, step) => step);

describe('a death at every await', () => {
  it.each(callFates)(
    'keeps every invariant, at each step of the first delivery and of the next (first call: %s)',
    async (fate) => {
      for (const first of steps) {
        const scenario = fc
          .constantFrom(...steps)
          .map((second) => ({ ...onePhoto, fates: [fate], crashes: [first, second] }));
        await fc.assert(invariantsHold(scenario), { numRuns: 30 });
      }
    },
  );

  it('covers every step there is', async () => {
    const [scheduler] = fc.sample(fc.scheduler(), 1);
    if (scheduler === undefined) throw new Error('no scheduler');
    const world = new World(scheduler, { ...onePhoto, crashes: [undefined] });
    await world.run();
    expect(world.longestInvocation).toBeLessThan(steps.length);
    expect(world.longestInvocation).toBeGreaterThan(10);
  });
});
