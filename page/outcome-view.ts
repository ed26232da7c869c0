import { make } from './elements';
import { rejectionTexts } from './rejection-texts';
import type { Rejected } from '../contract/outcome';
import type { PhotoOutcome } from './photo-progress';

/** Makes the box that shows a photo's outcome. */
export function outcomeBox(outcome: PhotoOutcome): HTMLElement {
  if (outcome.status === 'rejected') return rejectionBox(outcome);
  if (outcome.status === 'skipped') {
    const why =
      outcome.because === 'duplicate' ? 'Its tags already contain an outcome.' : 'The object no longer exists.';
    return make('div', { class: 'box' }, make('h3', {}, 'Skipped'), make('p', {}, why));
  }
  // The earlier attempt can be that of another object with the same bytes.
  const found =
    'An attempt to upload it ended without a clear answer. ComplyCube already had a live photo with the same bytes for this ' +
    'client, so the photo was not uploaded again.';
  return make(
    'div',
    { class: 'box box-good' },
    make('h3', {}, 'Uploaded'),
    make('p', {}, 'Live photo ', make('code', { class: 'live-photo-id' }, outcome.livePhotoId)),
    ...(outcome.isAdopted ? [make('p', {}, found)] : []),
  );
}

/** Makes the box that explains a rejection: what is wrong, what to do, and the function's message. */
function rejectionBox({ reason, detail }: Pick<Rejected, 'reason' | 'detail'>): HTMLElement {
  const { what, toDo } = rejectionTexts[reason];
  return make(
    'div',
    { class: 'box box-bad' },
    make('h3', {}, what),
    make('p', {}, toDo),
    make('p', { class: 'small' }, `${detail} (`, make('code', {}, reason), ')'),
  );
}
