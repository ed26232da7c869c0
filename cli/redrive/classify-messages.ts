import { deadLetterReasonCodes, isDeadLetterReasonCode } from '../../contract/dead-letter-reasons';
import { type PhotoLocation, readMessage } from '../../contract/object-events';
import { isS3Error } from '../../lambda/aws/s3-errors';
import { type DeadLetterReason, reasonOfErrorCode } from './dead-letter-reason';
import type { DeadLetter } from './dead-letter-queue';
import type { FindLastErrors } from './function-errors';
import type { KnownOutcome, PhotoOutcomes } from '../photos/photo-outcome';

/** A dead-lettered message and why it is one. */
export interface ClassifiedLetter {
  readonly letter: DeadLetter;
  readonly reason: DeadLetterReason;
  /** What the function said about it, in words for a person. */
  readonly detail: string | undefined;
}

/** What classifying takes. */
export interface ClassifyEdges {
  readonly outcomes: Pick<PhotoOutcomes, 'readTold'>;
  readonly findLastErrors: FindLastErrors;
  /** The only bucket whose events are processed. */
  readonly photoBucket: string;
}

/**
 * Finds out why messages are in the dead-letter queue: by the reason code that the function sent with them, then by the tags of
 * their objects, then by the last error code in the function's log. The text of an error decides nothing.
 */
export async function classifyLetters(
  letters: readonly DeadLetter[],
  edges: ClassifyEdges,
): Promise<ClassifiedLetter[]> {
  const known = await Promise.all(letters.map((letter) => reasonOf(letter, edges)));
  const open = letters.filter((_, at) => known[at] === undefined);
  const errors = await edges.findLastErrors(open.map(({ messageId }) => messageId));
  return letters.map((letter, at) => {
    const last = errors.get(letter.messageId);
    return {
      letter,
      reason: known[at] ?? reasonOfErrorCode(last?.errorCode),
      detail: last?.error ?? detailOf(letter.reasonCode),
    };
  });
}

function detailOf(reasonCode: string | undefined): string | undefined {
  return reasonCode !== undefined && isDeadLetterReasonCode(reasonCode)
    ? deadLetterReasonCodes[reasonCode]
    : reasonCode;
}

/** @returns undefined when an object of the message has no outcome yet. */
async function reasonOf(
  { body, reasonCode }: DeadLetter,
  { outcomes, photoBucket }: ClassifyEdges,
): Promise<DeadLetterReason | undefined> {
  // A code of a newer version counts like any other. Messages of a version that sent no codes are parsed.
  if (reasonCode !== undefined) return 'not-an-event';
  const locations = locationsIn(body).filter(({ bucket }) => bucket === photoBucket);
  if (locations.length === 0) return 'not-an-event';
  const known = await Promise.all(
    locations.map((location) => outcomes.readTold(location).catch((error: unknown) => outcomeDespite(error))),
  );
  if (known.every(({ kind }) => kind === 'gone')) return 'object-gone';
  return known.every((outcome, at) => isSettled(outcome, locations[at])) ? 'outcome-known' : undefined;
}

/** One message that names what S3 can't have, such as a malformed version ID, does not stop the command for all others. */
function outcomeDespite(error: unknown): KnownOutcome {
  const cause = error instanceof Error ? error.cause : undefined;
  if (isS3Error(cause, 'InvalidArgument', 'InvalidURI', 'KeyTooLongError')) return { kind: 'none' };
  throw error;
}

function locationsIn(body: string): readonly PhotoLocation[] {
  return readMessage(body).photos;
}

/** A rejection that the message itself takes back settles nothing. */
function isSettled(known: KnownOutcome, location: PhotoLocation | undefined): boolean {
  if (known.kind === 'gone') return true;
  if (known.kind !== 'told') return false;
  const { outcome } = known;
  return outcome.status === 'uploaded' || outcome.reason !== location?.retractedRejection;
}
