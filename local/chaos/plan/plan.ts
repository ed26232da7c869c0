import type { DeadLetterReasonCode } from '../../../contract/dead-letter-reasons';
import type { FaultRule } from 'complycube-stand-in/faults';
import { type ClientFault, drawCallFaults, drawErasureFaults } from './call-faults';
import { Draws } from './draws';
import { drawMoments, type Moment } from './moment-plan';
import { drawPhotos, type PlannedPhoto } from './photo-plan';
import { needsClaim } from './special-cases';

/** Everything that the seed determines. The order in which processes run depends on the machine. */
export interface Plan {
  readonly seed: number;
  readonly photos: readonly PlannedPhoto[];
  /** Faults of the calls about a client's live photos, in order. */
  readonly callFaults: readonly ClientFault[];
  /** Faults of the calls of erasures, in order. */
  readonly erasureFaults: readonly FaultRule[];
  /** Messages that are not S3 events. */
  readonly malformedMessages: readonly MalformedMessage[];
  /** Events that affect the whole run. */
  readonly moments: readonly Moment[];
}

/** A message that is not an event of the bucket. It must be dead-lettered with its reason. */
export interface MalformedMessage {
  /** A part of the body that identifies the message. */
  readonly id: string;
  readonly body: string;
  readonly reason: DeadLetterReasonCode;
  /** The number of photos after which it is sent. */
  readonly afterPhotos: number;
}

/** Draws a plan. It depends only on the seed and the number of photos. */
export function drawPlan(seed: number, photoCount: number): Plan {
  const photos = drawPhotos(seed, photoCount);
  return {
    seed,
    photos,
    callFaults: drawCallFaults(seed, photos),
    erasureFaults: drawErasureFaults(seed, photos),
    malformedMessages: drawMalformedMessages(new Draws(seed, 'malformed messages'), photoCount),
    moments: drawMoments(seed, photoCount),
  };
}

/**
 * The plan for a run without claims: without the photos that the function rejects after several refusals. It counts those in the
 * claim, so it would retry these photos for days.
 */
export function planWithoutClaims(plan: Plan): Plan {
  return { ...plan, photos: plan.photos.filter(({ special }) => !needsClaim(special)) };
}

/** Draws messages with only malformed content. */
function drawMalformedMessages(draws: Draws, photoCount: number): MalformedMessage[] {
  return Array.from({ length: Math.ceil(photoCount / 60) }, (_, at): MalformedMessage => {
    const id = `malformed-message-${at}`;
    const afterPhotos = draws.whole(0, photoCount - 1);
    return draws.isHit(0.5)
      ? { id, body: `This is no JSON: ${id}`, reason: 'not-json', afterPhotos }
      : { id, body: JSON.stringify({ greeting: id }), reason: 'not-an-event', afterPhotos };
  });
}
