import { find, make } from './elements';
import { outcomeBox } from './outcome-view';
import { type Stage, stages, type Travel } from './photo-progress';
import { clockTime, sizeInWords, spanInWords } from './words';

const stageTexts: Readonly<Record<Stage, readonly [name: string, meaning: string]>> = {
  granted: ['Granted', 'A signed form lets this one photo in'],
  stored: ['Stored', 'S3 has the photo'],
  queued: ['Queued', 'S3’s message about it is in the queue'],
  claimed: ['Claimed', 'The function works on it, and nobody else will'],
  validated: ['Validated', 'It is one whole JPEG or PNG of the right size'],
  uploaded: ['Uploaded', 'ComplyCube has made a live photo of it'],
  tagged: ['Tagged', 'The outcome stands on the photo object'],
};

/** How many of a photo's retries are shown one by one: the latest. */
const shownRetries = 3;

/** Shows one photo's way, stage by stage. */
export class WayView {
  private readonly title = find('way-title', HTMLElement);
  private readonly list = find('way', HTMLOListElement);
  private readonly retries = find('way-retries', HTMLElement);
  private readonly outcome = find('way-outcome', HTMLElement);
  private readonly announcement = find('way-announcement', HTMLElement);
  private shown: Travel | undefined;

  constructor() {
    this.list.replaceChildren(...stages.map(stageItem));
  }

  show(travel: Travel): void {
    const before = this.shown?.id === travel.id ? this.shown : undefined;
    this.shown = travel;
    this.title.textContent = describePhoto(travel);
    for (const stage of stages) this.showStage(stage, travel);
    this.showRetries(travel);
    if (before?.outcome === undefined || travel.outcome === undefined) {
      this.outcome.replaceChildren(...(travel.outcome === undefined ? [] : [outcomeBox(travel.outcome)]));
    }
    const news = newsOf(travel, before);
    if (news !== undefined) this.announcement.textContent = news;
  }

  private showStage(stage: Stage, { seen, outcome }: Travel): void {
    const item = this.list.querySelector(`[data-stage="${stage}"]`);
    const time = item?.querySelector('time');
    const state = item?.querySelector('.state');
    if (!(item instanceof HTMLElement) || !time || !state) return;
    const at = seen[stage];
    const isNext = outcome === undefined && stages.find((each) => seen[each] === undefined) === stage;
    item.dataset['state'] =
      at !== undefined ? 'seen' : isNext ? 'next' : outcome === undefined ? 'open' : 'passed-over';
    state.textContent =
      { seen: 'done', next: 'waiting', open: 'to come', 'passed-over': 'not reached' }[item.dataset['state']] ?? '';
    time.dateTime = at ?? '';
    time.textContent = at === undefined ? '' : timeInWords(at, firstOf(seen));
  }

  private showRetries({ retries }: Travel): void {
    const hidden = retries.length - shownRetries;
    const lines = retries
      .slice(-shownRetries)
      .map(({ at, why }) => make('li', {}, make('time', { datetime: at }, clockTime(at)), ` ${why}`));
    if (hidden > 0) lines.unshift(make('li', {}, `and ${hidden} before`));
    this.retries.hidden = retries.length === 0;
    this.retries.replaceChildren(
      make(
        'p',
        {},
        retries.length === 1 ? 'Went back to the queue once:' : `Went back to the queue ${retries.length} times:`,
      ),
      make('ul', {}, ...lines),
    );
  }
}

/** Names a photo by what people know of it. */
export function describePhoto({ client, bytes, key }: Travel): string {
  const parts = [client === undefined ? key : `Client ${client}`];
  if (bytes !== undefined) parts.push(sizeInWords(bytes));
  return parts.join(', ');
}

function stageItem(stage: Stage): HTMLLIElement {
  const [name, meaning] = stageTexts[stage];
  return make(
    'li',
    { 'data-stage': stage, 'data-state': 'open' },
    make('span', { class: 'dot', 'aria-hidden': 'true' }),
    make(
      'span',
      { class: 'stage' },
      make('strong', {}, name),
      make('span', { class: 'state hidden-visually' }),
      make('span', { class: 'meaning' }, meaning),
    ),
    make('time'),
  );
}

type Seen = Travel['seen'];

function firstOf(seen: Seen): string | undefined {
  return stages.map((stage) => seen[stage]).find((at) => at !== undefined);
}

/** The first stage tells the time, the later ones how long after it. */
function timeInWords(at: string, first = at): string {
  return at === first ? clockTime(at) : `+ ${spanInWords(Date.parse(at) - Date.parse(first))}`;
}

/** What a person who does not see the page needs to hear; undefined when nothing new was seen. */
function newsOf(travel: Travel, before: Travel | undefined): string | undefined {
  const { outcome, retries, seen } = travel;
  // The outcome's own box is read out.
  if (outcome !== undefined) return undefined;
  if (retries.length > (before?.retries.length ?? 0))
    return 'The photo went back to the queue and will be tried again.';
  const news = stages.filter((stage) => seen[stage] !== undefined && before?.seen[stage] === undefined);
  return news.length === 0 ? undefined : news.map((stage) => stageTexts[stage][0]).join(', ');
}
