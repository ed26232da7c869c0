import { ClientField } from './client-field';
import { find, make } from '../elements';
import type { PageClient } from '../page-state';
import type { ReadyPhoto } from '../choose/ready-photo';
import { explainFailure, Upload } from './upload';

/** Dependencies of {@link SendForm}. */
export interface SendFormDeps {
  /** Whether S3 is known to have the photo. */
  readonly isStored: (photoId: string) => boolean;
  readonly onGranted: (photoId: string) => void;
  readonly onSending: (isSending: boolean) => void;
  readonly onSent: () => void;
}

const sentText = 'The photo is in the bucket. To send another one, choose another photo or another client.';

const uploadingText = 'Uploading…';

/** The form that chooses a client and sends the photo. */
export class SendForm {
  private readonly form = find('send-form', HTMLFormElement);
  private readonly client = new ClientField(() => this.update());
  private readonly button = find('send', HTMLButtonElement);
  private readonly hint = find('send-hint', HTMLElement);
  private readonly progressRow = find('progress-row', HTMLElement);
  private readonly progress = find('progress', HTMLProgressElement);
  private readonly progressText = find('progress-text', HTMLElement);
  private readonly problem = find('send-problem', HTMLElement);
  private photo: ReadyPhoto | undefined;
  /** Photos that S3 has, by client and digest. */
  private readonly sent = new Set<string>();
  private failed: Upload | undefined;
  private sending: AbortController | undefined;

  constructor(private readonly deps: SendFormDeps) {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    find('cancel', HTMLButtonElement).addEventListener('click', () => this.sending?.abort());
    this.update();
  }

  offer(photo: ReadyPhoto | undefined): void {
    this.photo = photo;
    this.failed = undefined;
    this.problem.replaceChildren();
    this.update();
  }

  offerClients(clients: readonly PageClient[]): void {
    this.client.offer(clients);
    this.update();
  }

  /** S3 can have a photo although the upload failed: its answer was lost. */
  reconcile(): void {
    if (this.sending !== undefined || this.failed?.photoId === undefined) return;
    if (this.deps.isStored(this.failed.photoId)) this.finish(this.failed);
  }

  /** The connection is back, so a problem with it is over. */
  forgetConnectionProblem(): void {
    this.problem.querySelector('[data-is-connection="true"]')?.remove();
  }

  private async submit(): Promise<void> {
    const { photo } = this;
    if (photo === undefined || this.sending !== undefined || !this.client.check() || this.isSent) return;
    const upload = this.retry ?? new Upload(photo, this.client.clientId);
    const { signal } = (this.sending = new AbortController());
    this.problem.replaceChildren();
    this.progress.removeAttribute('value');
    this.progressText.textContent = uploadingText;
    this.update();
    try {
      const { onGranted } = this.deps;
      await upload.send({ signal, onGranted, onProgress: (share) => this.showProgress(share) });
      this.finish(upload);
    } catch (error) {
      this.failed = upload;
      this.problem.replaceChildren(signal.aborted ? 'You cancelled the upload.' : problemBox(error));
      // The cancel button disappears.
      if (signal.aborted) this.button.focus();
    } finally {
      this.sending = undefined;
      this.update();
    }
  }

  private showProgress(share: number): void {
    this.progress.value = share;
    // If S3 is busy, the photo is sent again from the start.
    const text = share === 1 ? 'Sent. Waiting for S3’s answer…' : uploadingText;
    // Screen readers read each change.
    if (this.progressText.textContent !== text) this.progressText.textContent = text;
  }

  private finish({ photo, clientId }: Upload): void {
    this.sent.add(`${clientId} ${photo.digest}`);
    this.failed = undefined;
    this.problem.replaceChildren();
    this.update();
    this.deps.onSent();
  }

  private get retry(): Upload | undefined {
    return this.failed?.clientId === this.client.clientId ? this.failed : undefined;
  }

  private get isSent(): boolean {
    return this.photo !== undefined && this.sent.has(`${this.client.clientId} ${this.photo.digest}`);
  }

  private update(): void {
    const isSending = this.sending !== undefined;
    const reason = this.photo === undefined ? 'Choose a photo first.' : this.isSent ? sentText : '';
    // A natively disabled button loses the focus.
    this.button.ariaDisabled = String(isSending || reason !== '');
    this.button.textContent = isSending ? 'Sending…' : this.retry === undefined ? 'Send the photo' : 'Try again';
    this.hint.textContent = reason;
    this.progressRow.hidden = !isSending;
    this.deps.onSending(isSending);
  }
}

function problemBox(error: unknown): HTMLElement {
  const { title, text, detail, isConnection } = explainFailure(error);
  return make(
    'div',
    { class: 'box box-bad', 'data-is-connection': String(isConnection) },
    make('h3', {}, title),
    make('p', {}, text),
    make('p', { class: 'small' }, detail),
  );
}
