import fc from 'fast-check';
import type { CallFate } from './in-memory-complycube';
import type { S3Fault } from './in-memory-s3';
import { findBroken, type Invariant } from './invariants';
import { type Sabotage, type Scenario, type ScenarioPhoto, World } from './world';

/** Every way that a call to ComplyCube can go. */
export const callFates: readonly CallFate[] = [
  'accepted',
  429,
  500,
  422,
  'unsent',
  'reset before',
  '500 after',
  'reset after',
  'no answer',
];
const s3Faults: readonly S3Fault[] = [undefined, undefined, undefined, undefined, 'fails before', 'fails after'];

const photos: fc.Arbitrary<ScenarioPhoto[]> = fc
  .array(
    fc.record({
      picture: fc.integer({ min: 1, max: 2 }),
      clientId: fc.constantFrom('client-1', 'client-2'),
      tags: fc.constantFrom<Record<string, string>>({}, { team: 'kyc' }),
      events: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((drawn) => drawn.map((photo, at) => ({ ...photo, key: 'photo.jpg', versionId: `version-${at + 1}` })));

/** Versions of one key, announced more than once, and everything that can go wrong on their way. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  photos,
  environments: fc.integer({ min: 1, max: 3 }),
  batchSize: fc.integer({ min: 1, max: 3 }),
  crashes: fc.array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 4 }),
  fates: fc.array(fc.constantFrom(...callFates), { maxLength: 6 }),
  s3Faults: fc.array(fc.constantFrom(...s3Faults), { maxLength: 20 }),
  ticks: fc.array(fc.nat(40_000), { maxLength: 6 }),
  deletedPhoto: fc.option(fc.nat(1), { nil: undefined, freq: 6 }),
});

/**
 * That the invariants hold after a scenario, in whatever order the scheduler has its steps.
 * @param without a mechanism that is taken out, and the one invariant that counts then.
 */
export function invariantsHold(
  scenario: fc.Arbitrary<Scenario>,
  without?: { readonly sabotage: Sabotage; readonly invariant: Invariant },
) {
  return fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, drawn) => {
    const world = new World(scheduler, drawn, without?.sabotage);
    await world.run();
    const broken = findBroken(world, drawn).find(({ invariant }) => invariant === (without?.invariant ?? invariant));
    if (broken !== undefined) throw broken;
  });
}

/** A fresh seed, or the one in `SEED`; printed, so that a run can be had again. */
export function printedSeed(what: string): number {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${what}: SEED=${seed}\n`);
  return seed;
}
