import { deadLetterReasonCodes, isDeadLetterReasonCode } from '../../contract/dead-letter-reasons';
import { isJsonObject } from '../../contract/json-object';
import { type PhotoLocation, readMessage, requestsErasure } from '../../contract/object-events';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { DeadLetter, DeliveryError } from './dead-letter-queue';
import { type DeadLetterReason, reasonOfRefusal } from './dead-letter-reason';
import type { KnownOutcome, PhotoOutcomes } from '../photos/photo-outcome';

/** Why a message is in a dead-letter queue. */
export interface Cause {
  /** The reason that the command shows and selects by. */
  readonly reason: string;
  /** The explanation of the function or of EventBridge, in words. */
  readonly detail: string | undefined;
}

/** A dead-lettered message and why it is one. */
export interface ClassifiedMessage extends Cause {
  readonly message: DeadLetter;
}

/** Finds the causes of messages whose photos have no outcome yet, in the order of the messages. */
export type FindCauses = (messages: readonly DeadLetter[]) => Promise<readonly Cause[]>;

/** Dependencies of {@link classifyMessages}. */
export interface ClassifyDeps {
  readonly outcomes: Pick<PhotoOutcomes, 'readTagged'>;
  readonly findCauses: FindCauses;
  /** The only bucket whose events are processed. */
  readonly photoBucket: string;
}

/**
 * Finds out why messages are in a dead-letter queue: by the reason code that the function sent with them, then by the tags of
 * their objects, then by `findCauses`. The text of an error decides nothing.
 */
export async function classifyMessages(
  messages: readonly DeadLetter[],
  deps: ClassifyDeps,
): Promise<ClassifiedMessage[]> {
  const known = await Promise.all(messages.map((message) => reasonOf(message, deps)));
  const open = messages.filter((_, at) => known[at] === undefined);
  const causes = await deps.findCauses(open);
  return messages.map((message, at) => {
    const cause = causes[open.indexOf(message)];
    return {
      message,
      reason: known[at] ?? cause?.reason ?? 'unknown',
      detail: cause?.detail ?? detailOf(message.reasonCode) ?? describeDeliveryError(message.deliveryError),
    };
  });
}

/** Describes EventBridge's error. */
export function describeDeliveryError(error: DeliveryError | undefined): string | undefined {
  return error && [error.code, error.message].filter((part) => part !== undefined).join(': ');
}

function detailOf(reasonCode: string | undefined): string | undefined {
  return reasonCode !== undefined && isDeadLetterReasonCode(reasonCode)
    ? deadLetterReasonCodes[reasonCode]
    : reasonCode;
}

/** @returns undefined when an object of the message has no outcome yet, and for an erasure that was retried until the end. */
async function reasonOf(
  { body, reasonCode }: DeadLetter,
  { outcomes, photoBucket }: ClassifyDeps,
): Promise<DeadLetterReason | undefined> {
  // A code of a newer version counts like any other. Messages of a version that sent no codes are parsed.
  if (reasonCode !== undefined) return reasonOfRefusal(reasonCode, { isErasure: isErasureRequest(body) });
  const { photos: locations, erasure, deadLetters } = readMessage(body, photoBucket);
  // An erasure that was retried until the end. The function accepts it again, also if it is done.
  if (erasure !== undefined) return undefined;
  if (locations.length === 0) {
    return reasonOfRefusal(deadLetters[0]?.reason ?? 'not-an-event', { isErasure: isErasureRequest(body) });
  }
  const known = await Promise.all(
    locations.map((location) => outcomes.readTagged(location).catch((error: unknown) => outcomeDespite(error))),
  );
  if (known.every(({ kind }) => kind === 'gone')) return 'object-gone';
  return known.every((outcome, at) => isFinal(outcome, locations[at])) ? 'outcome-known' : undefined;
}

function isErasureRequest(body: string): boolean {
  try {
    const message: unknown = JSON.parse(body);
    return isJsonObject(message) && requestsErasure(message);
  } catch {
    return false;
  }
}

/** A message that names what S3 can't have, such as a malformed version ID, does not stop the command for all others. */
function outcomeDespite(error: unknown): KnownOutcome {
  if (error instanceof S3ServiceException && impossibleNames.includes(error.name)) return { kind: 'none' };
  throw error;
}

/** S3's error codes for names that no object can have (S3 API reference, "List of error codes"). */
const impossibleNames: readonly string[] = ['InvalidArgument', 'InvalidURI', 'KeyTooLongError'];

/** A rejection that the message itself retracts is not a final outcome. */
function isFinal(known: KnownOutcome, location: PhotoLocation | undefined): boolean {
  if (known.kind === 'gone') return true;
  if (known.kind !== 'tagged') return false;
  const { outcome } = known;
  return outcome.status !== 'rejected' || outcome.reason !== location?.retractedRejection;
}
