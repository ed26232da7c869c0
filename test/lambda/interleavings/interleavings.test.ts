import { describe, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { invariantsHold, printedSeed, scenarios } from './scenarios';

jest.setTimeout(600_000);

describe('any order of duplicate events, redeliveries, concurrent environments, faults and deaths', () => {
  it('makes at most one live photo a version, tags the right one, loses no message and no foreign tag', async () => {
    await fc.assert(invariantsHold(scenarios), { numRuns: 10_000, seed: printedSeed('10,000 schedules') });
  });
});
