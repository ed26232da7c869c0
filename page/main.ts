import { find } from './elements';
import { FaultsView } from './faults-view';
import type { FaultSwitches, PageState } from './page-state';
import { PhotoChooser } from './photo-chooser';
import { RecentView } from './recent-view';
import { SendForm } from './send-form';
import type { Travel } from './photo-progress';
import { WayView } from './steps-view';

const travels = new Map<string, Travel>();
let shownTravelId: string | undefined;

const way = new WayView();
const faults = new FaultsView();
const recent = new RecentView((travelId) => {
  choose(travelId);
  find('way-heading', HTMLElement).focus();
});
const sendForm = new SendForm({
  isStored: (travelId) => travels.get(travelId)?.seen.stored !== undefined,
  onGranted: choose,
});
new PhotoChooser((photo) => {
  sendForm.offer(photo);
});
listen();

function choose(travelId: string): void {
  shownTravelId = travelId;
  const travel = travels.get(travelId);
  if (travel !== undefined) way.show(travel);
}

function take(travel: Travel): void {
  travels.set(travel.id, travel);
  recent.show(travel);
  if (travel.id === shownTravelId) way.show(travel);
}

/** Follows the server's events; the browser connects again by itself, and is then told everything anew. */
function listen(): void {
  const connection = find('connection', HTMLElement);
  const events = new EventSource('/events');
  events.addEventListener('state', ({ data }: MessageEvent<string>) => {
    const state = JSON.parse(data) as PageState;
    connection.textContent = '';
    find('sends-to', HTMLElement).textContent = state.isReal
      ? `Photos go to ${state.sendsTo}: live photos can cost money.`
      : `Everything runs on this machine; photos go to ${state.sendsTo}.`;
    find('wait-speed', HTMLElement).textContent = `Waits before another try pass ${state.waitSpeed} times faster here.`;
    sendForm.offerClients(state.clients);
    faults.show(state.faults);
    recent.reset(state.photos);
    for (const photo of state.photos.toReversed()) take(photo);
  });
  events.addEventListener('photo', ({ data }: MessageEvent<string>) => {
    take(JSON.parse(data) as Travel);
  });
  events.addEventListener('faults', ({ data }: MessageEvent<string>) => {
    faults.show(JSON.parse(data) as FaultSwitches);
  });
  events.addEventListener('error', () => {
    connection.textContent = 'The connection to the server is lost; trying to connect again.';
  });
}
