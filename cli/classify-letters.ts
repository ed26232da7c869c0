import { MalformedEventError, parseObjectEvents, type PhotoLocation } from '../lambda/object-events';
import { type DeadLetterReason, reasonOfError } from './dead-letter-reason';
import type { DeadLetter } from './dead-letters';
import type { FindLastErrors } from './function-errors';
import type { KnownOutcome, PhotoOutcomes } from './photo-outcome';

/** A dead letter, and why it is one. */
export interface ClassifiedLetter {
  readonly letter: DeadLetter;
  readonly reason: DeadLetterReason;
  /** The last error that the function's log has of it. */
  readonly error: string | undefined;
}

/** What classifying takes. */
export interface ClassifyEdges {
  readonly outcomes: Pick<PhotoOutcomes, 'readTold'>;
  readonly findLastErrors: FindLastErrors;
}

/** Finds out why messages are dead letters: by what stands on their objects, and else by what the function logged of them. */
export async function classifyLetters(
  letters: readonly DeadLetter[],
  { outcomes, findLastErrors }: ClassifyEdges,
): Promise<ClassifiedLetter[]> {
  const told = await Promise.all(letters.map(async (letter) => reasonOfObjects(letter, outcomes)));
  const untold = letters.filter((_, at) => told[at] === undefined);
  const errors = await findLastErrors(untold.map(({ messageId }) => messageId));
  return letters.map((letter, at) => {
    const error = errors.get(letter.messageId);
    return { letter, reason: told[at] ?? reasonOfError(error), error };
  });
}

/** @returns undefined when an object of the message is still without an outcome. */
async function reasonOfObjects(
  { body }: DeadLetter,
  outcomes: ClassifyEdges['outcomes'],
): Promise<DeadLetterReason | undefined> {
  const locations = locationsIn(body);
  if (locations === undefined || locations.length === 0) return 'not-an-event';
  const known = await Promise.all(locations.map((location) => outcomes.readTold(location)));
  if (known.every(({ kind }) => kind === 'gone')) return 'object-gone';
  return known.every((outcome, at) => isSettled(outcome, locations[at])) ? 'outcome-known' : undefined;
}

function locationsIn(body: string): PhotoLocation[] | undefined {
  try {
    return parseObjectEvents(body);
  } catch (error) {
    if (error instanceof MalformedEventError) return undefined;
    throw error;
  }
}

/** A rejection that the very message takes back settles nothing. */
function isSettled(known: KnownOutcome, location: PhotoLocation | undefined): boolean {
  if (known.kind === 'gone') return true;
  if (known.kind !== 'told') return false;
  const { outcome } = known;
  return outcome.status === 'uploaded' || outcome.reason !== location?.retractedRejection;
}
