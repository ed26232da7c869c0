import { find, make } from './elements';
import { skippedTexts } from './outcome-view';
import { rejectionTexts } from './rejection-texts';
import type { PhotoProgress } from './photo-progress';
import { describePhoto } from './steps-view';
import { clockTime } from './words';

/** Lists recent photos with their outcomes, newest first. */
export class RecentView {
  private readonly list = find('recent', HTMLOListElement);
  private readonly empty = find('recent-empty', HTMLElement);
  private readonly items = new Map<string, HTMLLIElement>();

  /** @param onChosen called when a person selects a photo. */
  constructor(private readonly onChosen: (photoId: string) => void) {}

  clear(): void {
    this.items.clear();
    this.list.replaceChildren();
  }

  /** Lists a photo as soon as it is stored, and updates its outcome. */
  show(photo: PhotoProgress): void {
    const { stored } = photo.seen;
    if (stored === undefined) return;
    this.empty.hidden = true;
    let item = this.items.get(photo.id);
    if (item === undefined) {
      item = this.makeItem(photo, stored);
      this.items.set(photo.id, item);
      this.list.prepend(item);
    }
    const [kind, status, more] = describeOutcome(photo);
    const pill = item.querySelector('.pill');
    const detail = item.querySelector('.detail');
    if (pill === null || detail === null || pill.textContent === status) return;
    pill.className = `pill pill-${kind}`;
    pill.textContent = status;
    detail.replaceChildren(more);
  }

  private makeItem(photo: PhotoProgress, stored: string): HTMLLIElement {
    const name = describePhoto(photo);
    const time = clockTime(stored);
    const button = make('button', { type: 'button', class: 'quiet' }, 'Show steps');
    button.append(make('span', { class: 'hidden-visually' }, `: ${name}, ${time}`));
    button.addEventListener('click', () => this.onChosen(photo.id));
    return make(
      'li',
      {},
      make('span', { class: 'pill' }),
      make('span', { class: 'photo' }, make('span', {}, name), ' ', make('time', { datetime: stored }, time)),
      make('span', { class: 'detail' }),
      button,
    );
  }
}

function describeOutcome({ outcome, retries }: PhotoProgress): [kind: string, status: string, more: Node | string] {
  if (outcome?.status === 'uploaded') return ['good', 'uploaded', make('code', {}, outcome.livePhotoId)];
  if (outcome?.status === 'rejected') return ['bad', 'rejected', rejectionTexts[outcome.reason].what];
  if (outcome?.status === 'skipped') return ['idle', 'skipped', skippedTexts[outcome.because]];
  if (retries.length > 0) return ['wait', 'waiting', 'It waits in the queue for a retry.'];
  return ['wait', 'in progress', ''];
}
