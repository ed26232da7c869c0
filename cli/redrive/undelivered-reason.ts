import { deadLetterReasons } from './dead-letter-reason';

/** Why EventBridge did not deliver an event to the upload queue, and what to do about it. */
export const undeliveredReasons = {
  'outcome-known': deadLetterReasons['outcome-known'],
  'object-gone': deadLetterReasons['object-gone'],
  'no-permissions': 'EventBridge was not allowed to send to the upload queue: fix its policy (doctor), then redrive',
  'no-resource': 'the upload queue did not exist: deploy the stack again, then redrive',
  'delivery-failed': 'EventBridge could not deliver the event for another reason: redrive',
  'not-an-event': deadLetterReasons['not-an-event'],
} as const;

/** One of {@link undeliveredReasons}. */
export type UndeliveredReason = keyof typeof undeliveredReasons;

/** EventBridge's error codes that an operator can do something about (EventBridge user guide, "Using dead-letter queues"). */
const reasonOfCode: ReadonlyMap<string | undefined, UndeliveredReason> = new Map([
  ['NO_PERMISSIONS', 'no-permissions'],
  ['NO_RESOURCE', 'no-resource'],
]);

/** Maps EventBridge's error code. @param errorCode undefined if the message has none. */
export function reasonOfDeliveryError(errorCode: string | undefined): UndeliveredReason {
  return reasonOfCode.get(errorCode) ?? 'delivery-failed';
}
