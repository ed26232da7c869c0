import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { erasureMessage } from '../../../contract/erasure-message';
import { metadataNames } from '../../../contract/photo-rules';
import type { PhotoBytes } from './photo-bytes';
import type { Interference, PlannedPhoto } from '../plan/photo-plan';
import type { MalformedMessage, Plan } from '../plan/plan';
import type { SpecialCase } from '../plan/special-cases';

/** An uploaded photo object. */
export interface PutPhoto {
  readonly photo: PlannedPhoto;
  readonly versionId: string;
  /** Without quotes. */
  readonly eTag: string;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
}

/** Dependencies of {@link PhotoApp}. */
export interface PhotoAppDeps {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly bytes: PhotoBytes;
  /** Creates a client at ComplyCube after a delay. */
  readonly addClient: (clientId: string, afterMs: number) => void;
  /** Sends a message to the upload queue. */
  readonly send: (body: string) => void;
  /** Called with each photo as soon as ComplyCube stores it. ComplyCube answers the upload afterwards. */
  readonly onUploaded: (put: PutPhoto) => Promise<void>;
  /** Number of photos that the app uploads per second. */
  readonly photosPerSecond: number;
  /** Factor by which planned times are shortened. */
  readonly speed: number;
  /** Stops further uploads. */
  readonly signal: AbortSignal;
}

interface ExpectedUpload {
  readonly putting: Promise<PutPhoto>;
  readonly isUploaded: () => void;
}

/** Uploads, deletes, overwrites and copies photos as planned, and sends malformed messages. */
export class PhotoApp {
  /** All uploaded photos, including copies. */
  readonly putPhotos: PutPhoto[] = [];
  /** All sent malformed messages. */
  readonly sentMessages: MalformedMessage[] = [];
  /** How often each interference happened. */
  readonly interferences: Partial<Record<Interference['what'], number>> = {};
  private readonly byContent = new Map<string, ExpectedUpload>();
  private running = 0;
  private failure: unknown;

  constructor(private readonly deps: PhotoAppDeps) {}

  /** Whether nothing is in progress. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  /** Starts to upload the photos and to send the messages at their planned times. */
  start({ photos, malformedMessages }: Pick<Plan, 'photos' | 'malformedMessages'>): void {
    photos.forEach((photo, at) => {
      this.begin(async () => {
        await this.waitFor(at);
        if (!this.deps.signal.aborted) await this.putAndInterfere(photo);
      });
    });
    for (const message of malformedMessages) {
      this.begin(async () => {
        await this.waitFor(message.afterPhotos);
        this.deps.send(message.body);
        this.sentMessages.push(message);
      });
    }
  }

  /** Puts a photo that is not planned. */
  putLate(photo: PlannedPhoto): void {
    this.begin(() => this.putAndInterfere(photo));
  }

  /** @throws the error of a request of the app to S3. These requests have no faults. */
  check(): void {
    if (this.failure !== undefined) throw new Error('The app could not do its part', { cause: this.failure });
  }

  /** Call for each live photo as soon as it is stored. */
  readonly livePhotoStored = async ({ sha256 }: { readonly sha256: string }): Promise<void> => {
    const expected = this.byContent.get(sha256);
    if (expected === undefined) return;
    expected.isUploaded();
    await this.deps.onUploaded(await expected.putting);
  };

  private begin(work: () => Promise<void>): void {
    this.running += 1;
    work()
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => {
        this.running -= 1;
      });
  }

  private async waitFor(photos: number): Promise<void> {
    await pause((photos * 1000) / this.deps.photosPerSecond);
  }

  private async putAndInterfere(photo: PlannedPhoto): Promise<void> {
    const { interference, special } = photo;
    if (special?.what === 'client known later') this.deps.addClient(photo.clientId, special.afterMs / this.deps.speed);
    const body = this.deps.bytes.make(photo);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const putting = this.put(photo, body, sha256);
    const uploaded = new Promise<void>((resolve) => this.byContent.set(sha256, { putting, isUploaded: resolve }));
    const put = await putting;
    if (special?.what === 'erased') await this.erase(put, special);
    if (interference === undefined) return;
    if (interference.when === 'while it is uploaded') {
      // Not awaited, because a photo that is never uploaded has no interference.
      void uploaded.then(() => this.begin(() => this.interfere(put, interference)));
      return;
    }
    if (interference.when === 'later') await pause(interference.laterMs / this.deps.speed);
    if (!this.deps.signal.aborted) await this.interfere(put, interference);
  }

  /** Sends the request of an operator. */
  private async erase(
    { photo: { key }, versionId, eTag }: PutPhoto,
    { afterMs, requests }: Extract<SpecialCase, { what: 'erased' }>,
  ): Promise<void> {
    const { bucket, send, speed } = this.deps;
    await pause(afterMs / speed);
    for (let request = 1; request <= requests; request++) {
      const requestedAt = new Date().toISOString();
      send(erasureMessage({ bucket, key, versionId, eTag, requestId: `request-${request}`, requestedAt }));
    }
  }

  private async put(photo: PlannedPhoto, body: Buffer, sha256: string): Promise<PutPhoto> {
    const { s3, bucket } = this.deps;
    const { VersionId = '', ETag = '' } = await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: photo.key,
        Body: body,
        Metadata: { [metadataNames.clientId]: photo.clientId },
        Tagging: new URLSearchParams(photo.tags).toString(),
      }),
    );
    const put = { photo, versionId: VersionId, eTag: ETag.replaceAll('"', ''), sha256 };
    this.putPhotos.push(put);
    return put;
  }

  private async interfere(put: PutPhoto, { what, successor }: Interference): Promise<void> {
    const { s3, bucket } = this.deps;
    const { photo, versionId } = put;
    this.interferences[what] = (this.interferences[what] ?? 0) + 1;
    if (successor !== undefined) {
      await (what === 'copied' ? this.copy(put, successor) : this.putAndInterfere(successor));
      return;
    }
    const VersionId = what === 'version deleted' ? versionId : undefined;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: photo.key, VersionId }));
  }

  private async copy({ photo: { key }, versionId, eTag, sha256 }: PutPhoto, copy: PlannedPhoto): Promise<void> {
    const { s3, bucket } = this.deps;
    const CopySource = `${bucket}/${key}?versionId=${versionId}`;
    const { VersionId = '' } = await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: copy.key, CopySource }));
    this.putPhotos.push({ photo: copy, versionId: VersionId, eTag, sha256 });
  }
}

/** Does not keep the process alive, so a run that is stopped early does not wait. */
async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}
