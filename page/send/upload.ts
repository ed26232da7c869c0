import { SendPhotoError, sendPhoto } from '../../app/browser';
import type { GrantRequest, PageGrant } from '../page-state';
import type { PhotoProgress } from '../photo-progress';
import type { ReadyPhoto } from '../choose/ready-photo';

/** The server gave no grant. The message is shown to the person. */
class GrantError extends Error {
  override readonly name = 'GrantError';

  constructor(
    message: string,
    readonly isConnection: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What happens while a photo is uploaded. */
export interface UploadOptions {
  readonly signal: AbortSignal;
  readonly onGranted: (photoId: string) => void;
  /** Called with the share of the photo that is sent, from 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** The upload of a photo for a client. It can be tried several times, and makes one photo object. */
export class Upload {
  /** Each attempt uses the same grant, until it expires. */
  private grant: PageGrant | undefined;

  constructor(
    readonly photo: ReadyPhoto,
    readonly clientId: string,
  ) {}

  get photoId(): string | undefined {
    return this.grant?.photoId;
  }

  /**
   * When the promise is fulfilled, S3 has the photo.
   * @throws GrantError, SendPhotoError; the reason of the signal.
   */
  async send({ signal, onGranted, onProgress }: UploadOptions): Promise<void> {
    const { photo, clientId } = this;
    if (this.grant !== undefined && (await hasArrived(this.grant, signal))) return;
    if (this.grant === undefined || !isUsable(this.grant)) {
      this.grant = await askForGrant({ clientId, contentType: photo.contentType }, signal);
    }
    const { grant } = this;
    onGranted(grant.photoId);
    await sendPhoto(grant, photo.bytes, { signal, onProgress, hasArrived: () => hasArrived(grant, signal) });
  }
}

/** Explains a failed upload to the person. */
export interface UploadFailure {
  readonly title: string;
  readonly text: string;
  /** For developers. */
  readonly detail: string;
  /** Whether the problem is over when the connection is back. */
  readonly isConnection: boolean;
}

/** Explains an error of {@link Upload.send}. */
export function explainFailure(error: unknown): UploadFailure {
  const title = 'The photo was not sent';
  if (error instanceof GrantError) return { title, text: error.message, detail: '', isConnection: error.isConnection };
  if (!(error instanceof SendPhotoError)) {
    return { title, text: 'An error occurred on this page. Reload the page.', detail: '', isConnection: false };
  }
  const { reason, text, message: detail } = error;
  if (reason !== 'maybe-sent') return { title, text, detail, isConnection: reason === 'not-sent' };
  return {
    title: 'The connection broke',
    text: 'It is unknown whether the photo arrived. Try again: the photo is sent only if it did not arrive.',
    detail,
    isConnection: true,
  };
}

const unreachable = 'The server is unreachable. Check your connection, then try again.';

async function askForGrant(wanted: GrantRequest, signal: AbortSignal): Promise<PageGrant> {
  const response = await callServer('/grants', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signal,
  });
  return (await response.json()) as PageGrant;
}

/** Whether S3 has the photo of a grant. */
async function hasArrived({ photoId }: PageGrant, signal: AbortSignal): Promise<boolean> {
  const response = await callServer(`/photos/${photoId}`, { signal });
  const { seen } = (await response.json()) as PhotoProgress;
  return seen.stored !== undefined;
}

async function callServer(path: string, options: RequestInit): Promise<Response> {
  const response = await fetch(path, options).catch((cause: unknown) => {
    throw new GrantError(unreachable, true, { cause });
  });
  if (!response.ok) throw new GrantError(`The server refused the upload: ${await response.text()}`, false);
  return response;
}

/** Whether a grant is valid for long enough to start an upload. */
function isUsable({ expiresAt }: PageGrant): boolean {
  return Date.parse(expiresAt) - Date.now() > 5_000;
}
