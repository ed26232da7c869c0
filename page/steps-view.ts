import { find, make } from './elements';
import { outcomeBox } from './outcome-view';
import { type Step, steps, type PhotoProgress } from './photo-progress';
import { clockTime, sizeInWords, spanInWords } from './words';

const stepTexts: Readonly<Record<Step, readonly [name: string, meaning: string]>> = {
  granted: ['Granted', 'A presigned POST allows the upload of this one photo'],
  stored: ['Stored', 'S3 has the photo'],
  queued: ['Queued', 'S3’s event is in the queue'],
  claimed: ['Claimed', 'One invocation of the function has claimed the photo'],
  validated: ['Validated', 'The file is a complete JPEG or PNG of the right size'],
  uploaded: ['Uploaded', 'ComplyCube has created a live photo'],
  tagged: ['Tagged', 'The photo object’s tags contain the outcome'],
};

/** Only the latest retries are listed. */
const shownRetries = 3;

/** Shows the processing steps of one photo. */
export class StepsView {
  private readonly heading = find('steps-heading', HTMLElement);
  private readonly title = find('steps-title', HTMLElement);
  private readonly list = find('steps', HTMLOListElement);
  private readonly retries = find('steps-retries', HTMLElement);
  private readonly outcome = find('steps-outcome', HTMLElement);
  private readonly announcement = find('steps-announcement', HTMLElement);
  private shown: PhotoProgress | undefined;

  constructor() {
    this.list.replaceChildren(...steps.map(stepItem));
  }

  /** Moves the focus to the steps and scrolls them into view. */
  focus(): void {
    this.heading.focus({ preventScroll: true });
    this.heading.parentElement?.scrollIntoView({ block: 'nearest' });
  }

  /** Scrolls the outcome into view if the person still looks at the steps. */
  revealOutcome(): void {
    if (document.activeElement === this.heading) this.outcome.scrollIntoView({ block: 'nearest' });
  }

  show(photo: PhotoProgress): void {
    const before = this.shown?.id === photo.id ? this.shown : undefined;
    this.shown = photo;
    this.title.textContent = describePhoto(photo);
    for (const step of steps) this.showStep(step, photo);
    this.showRetries(photo);
    if (before?.outcome === undefined || photo.outcome === undefined) {
      this.outcome.replaceChildren(...(photo.outcome === undefined ? [] : [outcomeBox(photo.outcome)]));
      this.revealOutcome();
    }
    const news = newsOf(photo, before);
    if (news !== undefined) this.announcement.textContent = news;
  }

  private showStep(step: Step, { seen, outcome }: PhotoProgress): void {
    const item = this.list.querySelector(`[data-step="${step}"]`);
    const time = item?.querySelector('time');
    const state = item?.querySelector('.state');
    if (!(item instanceof HTMLElement) || !time || !state) return;
    const at = seen[step];
    const isNext = outcome === undefined && steps.find((each) => seen[each] === undefined) === step;
    item.dataset['state'] =
      at !== undefined ? 'seen' : isNext ? 'next' : outcome === undefined ? 'open' : 'not-reached';
    state.textContent =
      { seen: 'done', next: 'waiting', open: 'to come', 'not-reached': 'not reached' }[item.dataset['state']] ?? '';
    time.dateTime = at ?? '';
    time.textContent = at === undefined ? '' : timeInWords(at, firstOf(seen));
  }

  private showRetries({ retries }: PhotoProgress): void {
    const hidden = retries.length - shownRetries;
    const lines = retries
      .slice(-shownRetries)
      .map(({ at, why }) => make('li', {}, make('time', { datetime: at }, clockTime(at)), ` ${why}`));
    if (hidden > 0) lines.unshift(make('li', {}, `${hidden} earlier`));
    this.retries.hidden = retries.length === 0;
    this.retries.replaceChildren(
      make(
        'p',
        {},
        retries.length === 1 ? 'Returned to the queue once:' : `Returned to the queue ${retries.length} times:`,
      ),
      make('ul', {}, ...lines),
    );
  }
}

/** Describes a photo by its client, or by its key if the client is unknown. */
export function describePhoto({ client, bytes, key }: PhotoProgress): string {
  const parts = [client === undefined ? key : `Client ${client}`];
  if (bytes !== undefined) parts.push(sizeInWords(bytes));
  return parts.join(', ');
}

function stepItem(step: Step): HTMLLIElement {
  const [name, meaning] = stepTexts[step];
  return make(
    'li',
    { 'data-step': step, 'data-state': 'open' },
    make('span', { class: 'dot', 'aria-hidden': 'true' }),
    make(
      'span',
      { class: 'step' },
      make('strong', {}, name),
      make('span', { class: 'state hidden-visually' }),
      make('span', { class: 'meaning' }, meaning),
    ),
    make('time'),
  );
}

type Seen = PhotoProgress['seen'];

function firstOf(seen: Seen): string | undefined {
  return steps.map((step) => seen[step]).find((at) => at !== undefined);
}

/** The first step shows the time of day, later steps the time since the first one. */
function timeInWords(at: string, first = at): string {
  return at === first ? clockTime(at) : `+ ${spanInWords(Date.parse(at) - Date.parse(first))}`;
}

/** The change since the last update, for screen readers. Undefined if there is none. */
function newsOf(photo: PhotoProgress, before: PhotoProgress | undefined): string | undefined {
  const { outcome, retries, seen } = photo;
  // Screen readers read the outcome's box, which has the role status.
  if (outcome !== undefined) return undefined;
  if (retries.length > (before?.retries.length ?? 0)) return 'The photo returned to the queue and will be retried.';
  const news = steps.filter((step) => seen[step] !== undefined && before?.seen[step] === undefined);
  return news.length === 0 ? undefined : news.map((step) => stepTexts[step][0]).join(', ');
}
