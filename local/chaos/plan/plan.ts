import { type ClientFault, drawCallFaults } from './call-faults';
import { Draws } from './draws';
import { drawMalformedMessages, type MalformedMessage } from './malformed-messages';
import { drawMoments, type Moment } from './moment-plan';
import { drawPhotos, type PlannedPhoto } from './photo-plan';

/** Everything that the seed determines. The order in which processes run depends on the machine. */
export interface Plan {
  readonly seed: number;
  readonly photos: readonly PlannedPhoto[];
  /** Faults of the calls about a client's live photos, in order. */
  readonly callFaults: readonly ClientFault[];
  /** Messages that are not S3 events. */
  readonly malformedMessages: readonly MalformedMessage[];
  /** Events that affect the whole run. */
  readonly moments: readonly Moment[];
}

/** Draws a plan. It depends only on the seed and the number of photos. */
export function drawPlan(seed: number, photoCount: number): Plan {
  const photos = drawPhotos(seed, photoCount);
  return {
    seed,
    photos,
    callFaults: drawCallFaults(seed, photos),
    malformedMessages: drawMalformedMessages(new Draws(seed, 'malformed messages'), photoCount),
    moments: drawMoments(seed, photoCount),
  };
}
