import { find } from './elements';
import { FaultsView } from './faults-view';
import type { FaultSwitches, PageState } from './page-state';
import { PhotoChooser } from './photo-chooser';
import { RecentView } from './recent-view';
import { SendForm } from './send-form';
import type { PhotoProgress } from './photo-progress';
import { StepsView } from './steps-view';

const photos = new Map<string, PhotoProgress>();
let shownPhotoId: string | undefined;

const stepsView = new StepsView();
const faults = new FaultsView();
const recent = new RecentView((photoId) => {
  choose(photoId);
  find('steps-heading', HTMLElement).focus();
});
const sendForm = new SendForm({
  isStored: (photoId) => photos.get(photoId)?.seen.stored !== undefined,
  onGranted: choose,
});
new PhotoChooser((photo) => sendForm.offer(photo));
listen();

function choose(photoId: string): void {
  shownPhotoId = photoId;
  const photo = photos.get(photoId);
  if (photo !== undefined) stepsView.show(photo);
}

function take(photo: PhotoProgress): void {
  photos.set(photo.id, photo);
  recent.show(photo);
  if (photo.id === shownPhotoId) stepsView.show(photo);
}

/** Listens to the server's events. After a lost connection the browser reconnects by itself and gets the whole state again. */
function listen(): void {
  const connection = find('connection', HTMLElement);
  const events = new EventSource('/events');
  events.addEventListener('state', ({ data }: MessageEvent<string>) => {
    const state = JSON.parse(data) as PageState;
    connection.textContent = '';
    find('sends-to', HTMLElement).textContent = state.isReal
      ? `Photos go to ${state.sendsTo}: live photos can cost money.`
      : `Everything runs on this machine. Photos go to ${state.sendsTo}.`;
    find('wait-speed', HTMLElement).textContent = `Waits before a retry are ${state.waitSpeed} times shorter here.`;
    sendForm.offerClients(state.clients);
    faults.show(state.faults);
    recent.clear();
    for (const photo of state.photos.toReversed()) take(photo);
  });
  events.addEventListener('photo', ({ data }: MessageEvent<string>) => take(JSON.parse(data) as PhotoProgress));
  events.addEventListener('faults', ({ data }: MessageEvent<string>) => faults.show(JSON.parse(data) as FaultSwitches));
  events.addEventListener('error', () => {
    connection.textContent = 'The connection to the server is lost. Reconnecting…';
  });
}
