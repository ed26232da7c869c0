import { make } from './elements';
import { rejectionTexts } from './rejection-texts';
import type { Rejected } from '../contract/outcome';
import type { TravelOutcome } from './photo-progress';

/** Makes the box that tells how a photo ended. */
export function outcomeBox(outcome: TravelOutcome): HTMLElement {
  if (outcome.status === 'rejected') return rejectionBox(outcome);
  if (outcome.status === 'skipped') {
    const why =
      outcome.because === 'duplicate' ? 'An outcome stands on it already.' : 'The object is not there any more.';
    return make('div', { class: 'box' }, make('h3', {}, 'Nothing was to be done'), make('p', {}, why));
  }
  const found = 'The answer to the first attempt was lost; its live photo was found and not uploaded twice.';
  return make(
    'div',
    { class: 'box box-good' },
    make('h3', {}, 'Uploaded'),
    make('p', {}, 'Live photo ', make('code', { class: 'live-photo-id' }, outcome.livePhotoId)),
    ...(outcome.isAdopted ? [make('p', {}, found)] : []),
  );
}

/** Makes the box that explains a rejection: what is wrong, what to do, and the rule's own words. */
export function rejectionBox({ reason, detail }: Pick<Rejected, 'reason' | 'detail'>): HTMLElement {
  const { what, toDo } = rejectionTexts[reason];
  return make(
    'div',
    { class: 'box box-bad' },
    make('h3', {}, what),
    make('p', {}, toDo),
    make('p', { class: 'small' }, `${detail} (`, make('code', {}, reason), ')'),
  );
}
