import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { clientScenarios, invariantsHold, printedSeed, scenarios } from './scenarios';

describe('duplicate events, redeliveries, concurrent environments, faults, hangs and deaths, in any order', () => {
  it('makes at most one live photo for each version, tags the right one, and loses no message and no tag of others', async () => {
    await fc.assert(invariantsHold(scenarios), { numRuns: 10_000, seed: printedSeed('10,000 schedules') });
  });

  it('leaves no live photo of a client that is erased meanwhile, and keeps those of other clients', async () => {
    await fc.assert(invariantsHold(clientScenarios), {
      numRuns: 2_000,
      seed: printedSeed('2,000 with erased clients'),
    });
  });
});
