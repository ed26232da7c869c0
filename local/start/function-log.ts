import { readLogLine } from '../pipeline/log-line';

/** What the function's log lines tell of a photo object. */
export interface LoggedPhoto {
  readonly key: string;
  /** How often its message was received so far. */
  readonly deliveries: number;
  /** Undefined while it is still to be tried again. */
  readonly status: string | undefined;
  readonly livePhotoId: string | undefined;
  /** Why it was rejected, or skipped. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  readonly isTagged: boolean;
  /** Why it was to be tried again, the last time that it was. */
  readonly error: string | undefined;
}

/** Keeps the latest of what the function logged of each photo object version. */
export class FunctionLog {
  private readonly photos = new Map<string, LoggedPhoto>();
  private readonly waiting = new Map<string, (photo: LoggedPhoto) => void>();

  /** @param onPhoto told of each line about a photo, to the one that tells how it ended. */
  constructor(private readonly onPhoto: (photo: LoggedPhoto) => void = () => undefined) {}

  /** Takes one line; lines that are not about a photo are passed over. */
  readonly take = (line: string): void => {
    const fields = readLogLine(line) ?? {};
    const text = (name: string): string | undefined => {
      const value = fields[name];
      return typeof value === 'string' ? value : undefined;
    };
    const key = text('key');
    if (key === undefined) return;
    const id = idOf(key, text('versionId'));
    const before = this.photos.get(id);
    // A later duplicate of the event does not change what became of the photo.
    if (before?.status !== undefined && before.status !== 'skipped') return;
    const photo = {
      key,
      deliveries: Number(fields['receives']),
      status: text('status'),
      livePhotoId: text('livePhotoId'),
      reason: text('reason') ?? text('because'),
      detail: text('detail'),
      isTagged: fields['isTagged'] === true,
      error: text('error') ?? before?.error,
    };
    this.photos.set(id, photo);
    this.onPhoto(photo);
    if (photo.status !== undefined) this.waiting.get(id)?.(photo);
  };

  /** What was logged so far of a photo object. */
  find(key: string, versionId: string | undefined): LoggedPhoto | undefined {
    return this.photos.get(idOf(key, versionId));
  }

  /** Resolves when the log tells how a photo object ended, or at once when it already did; one caller for each. */
  async ended(key: string, versionId: string | undefined): Promise<LoggedPhoto> {
    const logged = this.find(key, versionId);
    if (logged?.status !== undefined) return logged;
    return new Promise((resolve) => this.waiting.set(idOf(key, versionId), resolve));
  }
}

function idOf(key: string, versionId: string | undefined): string {
  return `${versionId ?? ''} ${key}`;
}
