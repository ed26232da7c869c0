import './trusted-types';
import { find } from './elements';
import { FaultsView } from './faults-view';
import type { PageState } from './page-state';
import { PhotoChooser } from './choose/photo-chooser';
import { RecentView } from './recent-view';
import { SendForm } from './send/send-form';
import type { PhotoProgress } from './photo-progress';
import { listenToServer } from './server-events';
import { StepsView } from './steps-view';

const photos = new Map<string, PhotoProgress>();
let shownPhotoId: string | undefined;

const connection = find('connection', HTMLElement);
const stepsView = new StepsView();
const faults = new FaultsView();
const recent = new RecentView((photoId) => {
  choose(photoId);
  stepsView.focus();
});
const chooser = new PhotoChooser((photo) => sendForm.offer(photo));
const sendForm = new SendForm({
  isStored: (photoId) => photos.get(photoId)?.seen.stored !== undefined,
  onGranted: choose,
  onSending: (isSending) => chooser.lock(isSending),
  onSent: () => {
    stepsView.focus();
    stepsView.revealOutcome();
  },
});

listenToServer({
  onState: showState,
  onPhoto: take,
  onFaults: (switches) => faults.show(switches),
  onLost: () => {
    connection.textContent = 'The connection to the server is lost. Reconnecting…';
  },
});

// The connection to the server, which may be on this machine, can survive while the network is gone.
window.addEventListener('online', () => sendForm.forgetConnectionProblem());

function choose(photoId: string): void {
  shownPhotoId = photoId;
  const photo = photos.get(photoId);
  if (photo !== undefined) stepsView.show(photo);
}

function take(photo: PhotoProgress): void {
  photos.set(photo.id, photo);
  recent.show(photo);
  if (photo.id === shownPhotoId) stepsView.show(photo);
  sendForm.reconcile();
}

function showState(state: PageState): void {
  connection.textContent = '';
  find('sends-to', HTMLElement).textContent = state.isReal
    ? `Photos go to ${state.sendsTo}: live photos can cost money.`
    : `Everything runs on this machine. Photos go to ${state.sendsTo}.`;
  find('wait-speed', HTMLElement).textContent = `Waits before a retry are ${state.waitSpeed} times shorter here.`;
  chooser.offerSamples(!state.isReal);
  sendForm.offerClients(state.clients);
  sendForm.forgetConnectionProblem();
  faults.show(state.faults);
  recent.clear();
  for (const photo of state.photos.toReversed()) take(photo);
}
