import { type ClientFault, drawCallFaults } from './call-faults';
import { drawMoments, type Moment } from './moment-plan';
import { drawPhotos, type PlannedPhoto } from './photo-plan';

/** Everything that a seed decides of a run. How the processes interleave, it does not. */
export interface Plan {
  readonly seed: number;
  readonly photos: readonly PlannedPhoto[];
  /** What goes wrong with the calls for a client's live photos, in the order in which it does. */
  readonly callFaults: readonly ClientFault[];
  /** What goes wrong with everything at once, by the progress of the run. */
  readonly moments: readonly Moment[];
}

/** Draws a plan: the same for the same seed and number of photos. */
export function drawPlan(seed: number, photoCount: number): Plan {
  const photos = drawPhotos(seed, photoCount);
  return { seed, photos, callFaults: drawCallFaults(seed, photos), moments: drawMoments(seed, photoCount) };
}
