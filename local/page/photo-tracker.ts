import { claimKey } from '../../contract/claim-key';
import { readMessage, type PhotoLocation } from '../../contract/object-events';
import type { PhotoProgress, Step } from '../../page/photo-progress';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import type { FaultableCall } from 'local-aws/s3/faultable-call';
import { readPhotoLine } from './photo-line';

interface TrackedPhoto {
  progress: PhotoProgress;
  readonly clientId: string | undefined;
  /** Known once the photo is stored. */
  location: PhotoLocation | undefined;
}

/** The page lists this many photos. Older ones are dropped. */
const maxPhotos = 50;

/**
 * Tracks the processing steps of photos by observing the parts of the pipeline. Each observer has the name of the callback
 * that it is passed to. Only observed steps are reported.
 */
export class PhotoTracker {
  /** Oldest first. */
  private readonly photos: TrackedPhoto[] = [];
  private readonly listeners = new Set<(progress: PhotoProgress) => void>();
  private count = 0;

  /** Newest first. */
  get recent(): PhotoProgress[] {
    return this.photos.map(({ progress }) => progress).reverse();
  }

  /** @returns a function that unsubscribes. */
  subscribe(listener: (progress: PhotoProgress) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The page got a grant for this key. */
  granted(key: string, clientId: string): PhotoProgress {
    const photo = this.add(key, clientId);
    this.see(photo, 'granted');
    return photo.progress;
  }

  /** S3 stored a photo and sends an event: the pipeline's `onNotification`. */
  readonly notification = (body: string, send: () => void): void => {
    const stored = readMessage(body).photos.map((location) => {
      const photo =
        this.photos.findLast(({ progress, location: known }) => known === undefined && progress.key === location.key) ??
        this.add(location.key);
      photo.location = location;
      this.see(photo, 'stored', location.eventTime, { bytes: sizeOf(body, location) });
      return photo;
    });
    send();
    for (const photo of stored) this.see(photo, 'queued');
  };

  /** S3 executed a request: its `faultAfter`. Never requests a fault. */
  readonly s3Request = ({ operation, key }: FaultableCall): undefined => {
    if (operation === 'PutObject') {
      const photo = this.photos.find(({ location }) => location !== undefined && claimKey(location) === key);
      if (photo !== undefined) this.see(photo, 'claimed');
    }
    if (operation === 'PutObjectTagging') {
      // Only the function tags a photo between its claim and its outcome.
      const photo = this.photos.find(
        ({ progress }) => progress.key === key && progress.seen.claimed !== undefined && progress.outcome === undefined,
      );
      if (photo !== undefined) this.see(photo, 'tagged');
    }
  };

  /**
   * The stand-in stored a live photo: its `onLivePhoto`. The stand-in does not know the key, so this matches client and size.
   * The function's log line later provides the live photo's ID.
   */
  readonly livePhoto = ({ clientId, size }: Pick<LivePhotoFacts, 'clientId' | 'size'>): void => {
    const photo = this.photos.find(
      ({ progress, ...photo }) =>
        photo.clientId === clientId &&
        progress.bytes === size &&
        progress.seen.claimed !== undefined &&
        progress.seen.uploaded === undefined,
    );
    if (photo === undefined) return;
    // The function completes a request only after it has validated the whole image.
    this.see(photo, 'validated');
    this.see(photo, 'uploaded');
  };

  /** The function logged a line: the pipeline's `onLogLine`. */
  readonly logLine = (text: string): void => {
    const line = readPhotoLine(text);
    const photo = this.photos.findLast(
      ({ location }) => location?.key === line?.key && location?.versionId === line?.versionId,
    );
    if (line === undefined || photo === undefined || photo.progress.outcome !== undefined) return;
    const { seen, retries } = photo.progress;
    // Tags are written last: steps that were not observed were done by then.
    const doneAt = seen.tagged ?? line.at;
    if (line.isValidated) this.see(photo, 'validated', doneAt);
    if (line.outcome?.status === 'uploaded') this.see(photo, 'uploaded', doneAt);
    if (line.outcome !== undefined) this.change(photo, { outcome: line.outcome });
    else this.change(photo, { retries: [...retries, { at: line.at, why: line.error }] });
  };

  private add(key: string, clientId?: string): TrackedPhoto {
    const progress: PhotoProgress = {
      id: String(++this.count),
      key,
      client: clientId === undefined ? undefined : `…${clientId.slice(-4)}`,
      bytes: undefined,
      seen: {},
      retries: [],
      outcome: undefined,
    };
    const photo: TrackedPhoto = { progress, clientId, location: undefined };
    this.photos.push(photo);
    if (this.photos.length > maxPhotos) this.photos.shift();
    return photo;
  }

  /** Records the first time of a step. */
  private see(photo: TrackedPhoto, step: Step, at = new Date().toISOString(), more: Partial<PhotoProgress> = {}): void {
    const { seen } = photo.progress;
    if (seen[step] === undefined) this.change(photo, { ...more, seen: { ...seen, [step]: at } });
  }

  private change(photo: TrackedPhoto, change: Partial<PhotoProgress>): void {
    photo.progress = { ...photo.progress, ...change };
    for (const notify of this.listeners) notify(photo.progress);
  }
}

interface SizedNotification {
  readonly Records?: readonly { readonly s3: { readonly object: { readonly eTag: string; readonly size: number } } }[];
}

/** `readMessage` does not read the size, because the function does not need it. */
function sizeOf(body: string, { eTag }: PhotoLocation): number | undefined {
  const { Records = [] } = JSON.parse(body) as SizedNotification;
  return Records.find(({ s3 }) => s3.object.eTag === eTag)?.s3.object.size;
}
