import { isClientId } from '../contract/photo-rules';
import type { CheckedPhoto } from './check-photo';
import { find, make } from './elements';
import type { PageClient, PageGrant } from './page-state';
import { rejectionTexts } from './rejection-texts';
import { askForGrant, isUsable, sendPhoto, UploadError } from './send-photo';

/** Dependencies of {@link SendForm}. */
export interface SendFormDeps {
  /** Whether S3 is known to have the photo. */
  readonly isStored: (photoId: string) => boolean;
  readonly onGranted: (photoId: string) => void;
}

const anotherClient = 'another';

/** The form that chooses a client and sends the photo. */
export class SendForm {
  private readonly form = find('send-form', HTMLFormElement);
  private readonly client = find('client', HTMLSelectElement);
  private readonly ownClientRow = find('own-client-row', HTMLElement);
  private readonly ownClient = find('own-client', HTMLInputElement);
  private readonly ownClientProblem = find('own-client-problem', HTMLElement);
  private readonly button = find('send', HTMLButtonElement);
  private readonly progressRow = find('progress-row', HTMLElement);
  private readonly progress = find('progress', HTMLProgressElement);
  private readonly progressText = find('progress-text', HTMLElement);
  private readonly problem = find('send-problem', HTMLElement);
  private photo: CheckedPhoto | undefined;
  /** The upload that failed. A retry uses the same grant, so that it creates no second photo object. */
  private broken: { readonly clientId: string; readonly grant: PageGrant } | undefined;
  private isSending = false;

  constructor(private readonly deps: SendFormDeps) {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.client.addEventListener('change', () => this.showOwnClient());
    this.update();
  }

  offer(photo: CheckedPhoto | undefined): void {
    this.photo = photo;
    this.broken = undefined;
    this.problem.replaceChildren();
    this.progressRow.hidden = true;
    this.update();
  }

  offerClients(clients: readonly PageClient[]): void {
    const picked = this.client.value;
    const options = [...clients, { id: anotherClient, name: 'Another client' }];
    this.client.replaceChildren(...options.map(({ id, name }) => make('option', { value: id }, name)));
    if (options.some(({ id }) => id === picked)) this.client.value = picked;
    this.showOwnClient();
  }

  private showOwnClient(): void {
    this.ownClientRow.hidden = this.client.value !== anotherClient;
  }

  private async submit(): Promise<void> {
    const { photo } = this;
    const clientId = this.client.value === anotherClient ? this.ownClient.value.trim() : this.client.value;
    if (photo === undefined || this.isSending || !this.isWellFormed(clientId)) return;
    this.isSending = true;
    this.problem.replaceChildren();
    this.update();
    try {
      await this.send(photo, clientId);
    } catch (error) {
      this.progressRow.hidden = true;
      this.problem.replaceChildren(problemBox(error));
    } finally {
      this.isSending = false;
      this.update();
    }
  }

  private async send(photo: CheckedPhoto, clientId: string): Promise<void> {
    const broken = this.broken?.clientId === clientId ? this.broken : undefined;
    this.progress.value = 0;
    this.progressText.textContent = 'Uploading…';
    this.progressRow.hidden = false;
    // S3 may have the photo, although its answer was lost.
    if (broken !== undefined && this.deps.isStored(broken.grant.photoId)) {
      this.sent();
      return;
    }
    const mayBeUsed = broken !== undefined && isUsable(broken.grant);
    const grant = mayBeUsed ? broken.grant : await askForGrant({ clientId, contentType: photo.contentType });
    this.deps.onGranted(grant.photoId);
    this.broken = { clientId, grant };
    await sendPhoto(photo.bytes, grant, (sent) => {
      this.progress.value = sent;
    });
    this.sent();
  }

  private sent(): void {
    this.progress.value = 1;
    this.progressText.textContent = 'The photo is in the bucket.';
    this.broken = undefined;
  }

  private isWellFormed(clientId: string): boolean {
    const isWellFormed = isClientId(clientId);
    const { what, toDo } = rejectionTexts['client-id-malformed'];
    this.ownClientProblem.textContent = isWellFormed ? '' : `${what}. ${toDo}`;
    this.ownClient.setAttribute('aria-invalid', String(!isWellFormed));
    if (!isWellFormed) this.ownClient.focus();
    return isWellFormed;
  }

  private update(): void {
    this.button.disabled = this.photo === undefined || this.isSending;
    this.button.textContent = this.isSending ? 'Sending…' : this.broken === undefined ? 'Send the photo' : 'Try again';
  }
}

function problemBox(error: unknown): HTMLElement {
  const message = error instanceof UploadError ? error.message : 'An error occurred on this page. Reload the page.';
  return make('div', { class: 'box box-bad' }, make('h3', {}, 'The photo was not sent'), make('p', {}, message));
}
