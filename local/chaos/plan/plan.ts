import { type ClientFault, drawCallFaults } from './call-faults';
import { Draws } from './draws';
import { drawMalformedMessages, type MalformedMessage } from './malformed-messages';
import { drawMoments, type Moment } from './moment-plan';
import { drawPhotos, type PlannedPhoto } from './photo-plan';

/** Everything that a seed decides about a run. How the processes interleave is left to the machine. */
export interface Plan {
  readonly seed: number;
  readonly photos: readonly PlannedPhoto[];
  /** Faults of the calls for a client's live photos, in the order in which they happen. */
  readonly callFaults: readonly ClientFault[];
  /** Messages that are no events. */
  readonly malformedMessages: readonly MalformedMessage[];
  /** What happens to everything at once, by the progress of the run. */
  readonly moments: readonly Moment[];
}

/** Draws a plan: the same for the same seed and number of photos. */
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
