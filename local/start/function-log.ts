import { readLogLine } from '../pipeline/log-line';

/** What the function logged about a photo object. */
export interface LoggedPhoto {
  readonly key: string;
  /** How often its message was received. */
  readonly deliveries: number;
  /** Undefined while the photo is retried. */
  readonly status: string | undefined;
  readonly livePhotoId: string | undefined;
  /** Why the photo was rejected or skipped. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  readonly isTagged: boolean;
  /** Why the photo was last retried. */
  readonly error: string | undefined;
}

/** The latest log entry of each version of a photo object. */
export class FunctionLog {
  private readonly photos = new Map<string, LoggedPhoto>();
  private readonly waiting = new Map<string, (photo: LoggedPhoto) => void>();

  /** @param onPhoto called for a photo's outcome, and before that for its retries: once for each different error. */
  constructor(private readonly onPhoto: (photo: LoggedPhoto) => void = () => undefined) {}

  /** Reads one line. Lines that are not about a photo are ignored. */
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
    // A duplicate of the event must not replace the outcome.
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
    if (photo.status !== undefined || before === undefined || photo.error !== before.error) this.onPhoto(photo);
    if (photo.status !== undefined) this.waiting.get(id)?.(photo);
  };

  find(key: string, versionId: string | undefined): LoggedPhoto | undefined {
    return this.photos.get(idOf(key, versionId));
  }

  /** Resolves when the log contains the outcome of a photo. Supports one caller per photo. */
  async ended(key: string, versionId: string | undefined): Promise<LoggedPhoto> {
    const logged = this.find(key, versionId);
    if (logged?.status !== undefined) return logged;
    return new Promise((resolve) => this.waiting.set(idOf(key, versionId), resolve));
  }
}

function idOf(key: string, versionId: string | undefined): string {
  return `${versionId ?? ''} ${key}`;
}
