import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { metadataNames } from '../../lambda/live-photo';
import type { PhotoBytes } from './photo-bytes';
import type { Interference, PlannedPhoto } from './photo-plan';

/** A photo object that was put. */
export interface PutPhoto {
  readonly photo: PlannedPhoto;
  readonly versionId: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** What an app works with. */
export interface PhotoAppEdges {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly bytes: PhotoBytes;
  /** How many photos it puts in a second. */
  readonly photosPerSecond: number;
  /** How many times faster than planned time passes. */
  readonly speed: number;
  /** Once aborted, it puts nothing more. */
  readonly signal: AbortSignal;
}

/** Puts the planned photos, and deletes and overwrites them as planned. */
export class PhotoApp {
  /** Every photo put so far. */
  readonly putPhotos: PutPhoto[] = [];
  /** How often each interference took place. */
  readonly interferences: Partial<Record<Interference['what'], number>> = {};
  private readonly byUpload = new Map<string, () => void>();
  private underWay = 0;
  private failure: unknown;

  constructor(private readonly edges: PhotoAppEdges) {}

  /** Whether nothing that it began is still to be done. */
  get isIdle(): boolean {
    return this.underWay === 0;
  }

  /** Starts to put the photos, each at its time. */
  start(photos: readonly PlannedPhoto[]): void {
    photos.forEach((photo, at) => {
      this.begin(async () => {
        await pause((at * 1000) / this.edges.photosPerSecond);
        if (!this.edges.signal.aborted) await this.putAndInterfere(photo);
      });
    });
  }

  /** @throws what a request of its own to S3 reported: none is meant to fail. */
  check(): void {
    if (this.failure !== undefined) throw new Error('The app could not do its part', { cause: this.failure });
  }

  /** Told of each live photo as soon as it is stored: whoever waits for a photo's upload interferes now. */
  readonly livePhotoStored = ({ sha256 }: { readonly sha256: string }): void => {
    this.byUpload.get(sha256)?.();
  };

  private begin(work: () => Promise<void>): void {
    this.underWay += 1;
    work()
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => {
        this.underWay -= 1;
      });
  }

  private async putAndInterfere(photo: PlannedPhoto): Promise<void> {
    const { interference } = photo;
    const body = this.edges.bytes.make(photo);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const uploaded = new Promise<void>((resolve) => this.byUpload.set(sha256, resolve));
    const put = await this.put(photo, body, sha256);
    if (interference === undefined) return;
    if (interference.when === 'while it is uploaded') {
      // Not waited for: a photo that nobody uploads is never interfered with.
      void uploaded.then(() => {
        this.begin(() => this.interfere(put, interference));
      });
      return;
    }
    if (interference.when === 'later') await pause(interference.laterMs / this.edges.speed);
    if (!this.edges.signal.aborted) await this.interfere(put, interference);
  }

  private async put(photo: PlannedPhoto, body: Buffer, sha256: string): Promise<PutPhoto> {
    const { s3, bucket } = this.edges;
    const { VersionId = '' } = await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: photo.key,
        Body: body,
        Metadata: { [metadataNames.clientId]: photo.clientId },
        Tagging: new URLSearchParams(photo.tags).toString(),
      }),
    );
    const put = { photo, versionId: VersionId, sha256 };
    this.putPhotos.push(put);
    return put;
  }

  private async interfere({ photo, versionId }: PutPhoto, { what, successor }: Interference): Promise<void> {
    const { s3, bucket } = this.edges;
    this.interferences[what] = (this.interferences[what] ?? 0) + 1;
    if (successor !== undefined) return this.putAndInterfere(successor);
    const VersionId = what === 'version deleted' ? versionId : undefined;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: photo.key, VersionId }));
  }
}

/** Keeps no process alive: a run that was given up does not wait for it. */
async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}
