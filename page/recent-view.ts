import { find, make } from './elements';
import { rejectionTexts } from './rejection-texts';
import type { Travel } from './photo-progress';
import { describePhoto } from './steps-view';
import { clockTime } from './words';

/** Lists the recent photos, the newest first, each with its outcome. */
export class RecentView {
  private readonly list = find('recent', HTMLOListElement);
  private readonly empty = find('recent-empty', HTMLElement);
  private readonly items = new Map<string, HTMLLIElement>();

  /** @param onChosen told when a person wants to see a photo's way. */
  constructor(private readonly onChosen: (travelId: string) => void) {}

  /** Forgets all that it lists, and lists these, the newest first. */
  reset(photos: readonly Travel[]): void {
    this.items.clear();
    this.list.replaceChildren();
    for (const photo of photos.toReversed()) this.show(photo);
  }

  /** Lists a photo once S3 has it, and what becomes of it. */
  show(travel: Travel): void {
    const { stored } = travel.seen;
    if (stored === undefined) return;
    this.empty.hidden = true;
    let item = this.items.get(travel.id);
    if (item === undefined) {
      item = this.makeItem(travel, stored);
      this.items.set(travel.id, item);
      this.list.prepend(item);
    }
    const [kind, status, more] = describeOutcome(travel);
    const pill = item.querySelector('.pill');
    const detail = item.querySelector('.detail');
    if (pill === null || detail === null || pill.textContent === status) return;
    pill.className = `pill pill-${kind}`;
    pill.textContent = status;
    detail.replaceChildren(more);
  }

  private makeItem(travel: Travel, stored: string): HTMLLIElement {
    const name = describePhoto(travel);
    const time = clockTime(stored);
    const button = make('button', { type: 'button', class: 'quiet' }, 'Its way');
    button.append(make('span', { class: 'hidden-visually' }, `: ${name}, ${time}`));
    button.addEventListener('click', () => {
      this.onChosen(travel.id);
    });
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

function describeOutcome({ outcome, retries }: Travel): [kind: string, status: string, more: Node | string] {
  if (outcome?.status === 'uploaded') return ['good', 'uploaded', make('code', {}, outcome.livePhotoId)];
  if (outcome?.status === 'rejected') return ['bad', 'rejected', rejectionTexts[outcome.reason].what];
  if (outcome?.status === 'skipped') return ['idle', 'skipped', outcome.because];
  if (retries.length > 0) return ['wait', 'tried again', 'It waits in the queue.'];
  return ['wait', 'under way', ''];
}
