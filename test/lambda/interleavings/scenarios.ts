import fc from 'fast-check';
import { clockSkewMs, listingDelayMs } from '../../../contract/durations';
import { seededRandom } from 'complycube-stand-in/seeded-random';
import type { CallFate } from './in-memory-complycube';
import type { S3Fault } from './in-memory-s3';
import { findBroken, type Invariant } from './invariants';
import type { Disruption, Scenario, ScenarioPhoto } from './scenario';
import { type Sabotage, World } from './world';

/** Every way that a call to ComplyCube can end. */
export const callFates: readonly CallFate[] = [
  'accepted',
  402,
  409,
  422,
  429,
  500,
  'client unknown',
  'unsent',
  'reset before',
  '500 after',
  'reset after',
  'no answer',
];
const awsFaults: readonly S3Fault[] = [
  ...Array.from({ length: 8 }, () => undefined),
  'fails before',
  'fails after',
  'proxy answers 404',
  'hangs',
];

const photos: fc.Arbitrary<ScenarioPhoto[]> = fc
  .array(
    fc.record({
      picture: fc.integer({ min: 1, max: 2 }),
      clientId: fc.constantFrom('client-1', 'client-2'),
      tags: fc.constantFrom<Record<string, string>>({}, { team: 'kyc' }),
      isTaggedMeanwhile: fc.boolean(),
      eventDelaysMs: fc.array(fc.oneof(fc.constant(0), fc.nat(120_000)), { minLength: 1, maxLength: 3 }),
      erasures: fc.array(
        fc.record({ delayMs: fc.oneof(fc.constant(0), fc.nat(900_000)), request: fc.integer({ min: 1, max: 2 }) }),
        { maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((drawn) => drawn.map((photo, at) => ({ ...photo, key: 'photo.jpg', versionId: `version-${at + 1}` })));

const disruptions: fc.Arbitrary<Disruption> = fc.record({
  step: fc.nat(22),
  what: fc.constantFrom('dies', 'dies', 'hangs', 'wakes late'),
  lateMs: fc.integer({ min: 10_000, max: 600_000 }),
});

/** Versions of one key, announced more than once, and everything that can go wrong while they are processed. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  photos,
  strays: fc.constant([]),
  clientErasure: fc.constant(undefined),
  clockOffsetsMs: fc.array(fc.integer({ min: 0, max: clockSkewMs }), { minLength: 1, maxLength: 3 }),
  batchSize: fc.integer({ min: 1, max: 3 }),
  disruptions: fc.array(fc.option(disruptions, { nil: undefined }), { maxLength: 4 }),
  fates: fc.array(fc.constantFrom(...callFates), { maxLength: 6 }),
  listingDelaysMs: fc.array(fc.nat(listingDelayMs), { maxLength: 3 }),
  awsFaults: fc.array(fc.constantFrom(...awsFaults), { maxLength: 20 }),
  ticks: fc.array(fc.nat(40_000), { maxLength: 6 }),
  deletedPhoto: fc.option(fc.nat(1), { nil: undefined, freq: 6 }),
});

/** The same, while a client is erased. Some live photos belong to no version. */
export const clientScenarios: fc.Arbitrary<Scenario> = fc
  .record({
    scenario: scenarios,
    strays: fc.array(fc.constantFrom('client-1', 'client-2', 'client-3'), { maxLength: 3 }),
    clientErasure: fc.record({
      clientId: fc.constantFrom('client-1', 'client-3'),
      delaysMs: fc.array(fc.oneof(fc.constant(0), fc.nat(900_000)), { minLength: 1, maxLength: 2 }),
    }),
  })
  .map(({ scenario, ...client }) => ({ ...scenario, ...client }));

/**
 * The invariants hold after a scenario, in any order of its steps.
 * @param without a mechanism that is taken out, and the one invariant that is checked then.
 */
export function invariantsHold(
  scenario: fc.Arbitrary<Scenario>,
  without?: { readonly sabotage: Sabotage; readonly invariant: Invariant },
) {
  return fc.asyncProperty(fc.scheduler(), scenario, fc.nat(), async (scheduler, drawn, jitterSeed) => {
    const world = new World(scheduler, drawn, without?.sabotage);
    const { random } = Math;
    // The jitter of redeliveries. Otherwise the printed seed would not repeat a run.
    Math.random = seededRandom(jitterSeed);
    try {
      await world.run();
    } finally {
      Math.random = random;
    }
    const broken = findBroken(world, drawn).find(({ invariant }) => invariant === (without?.invariant ?? invariant));
    if (broken !== undefined) throw broken;
  });
}

/** A new seed, or the one in `SEED`. It is printed, so that a run can be repeated. */
export function printedSeed(what: string): number {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${what}: SEED=${seed}\n`);
  return seed;
}
