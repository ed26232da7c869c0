import { make } from './elements';
import { rejectionTexts } from './rejection-texts';
import type { Rejected, Skipped } from '../contract/outcome';
import type { PhotoOutcome } from './photo-progress';

/** Why the function did nothing with a photo. */
export const skippedTexts: Readonly<Record<Skipped['because'], string>> = {
  gone: 'The object no longer exists.',
  overwritten: 'A newer photo with the same key replaced it.',
  duplicate: 'Its tags already contain an outcome.',
  'folder-marker': 'It is an empty object that the S3 console created for a folder.',
  marked: 'Its metadata says that it is not a live photo.',
  erased: 'An operator requested its erasure.',
};

/** Makes the box that shows a photo's outcome. */
export function outcomeBox(outcome: PhotoOutcome): HTMLElement {
  if (outcome.status === 'rejected') return rejectionBox(outcome);
  if (outcome.status === 'skipped') {
    return make('div', { class: 'box' }, make('h3', {}, 'Skipped'), make('p', {}, skippedTexts[outcome.because]));
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
