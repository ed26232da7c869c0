import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { metadataNames } from '../../contract/photo-rules';
import type { PhotoToPut } from '../start/photo-run';
import { connectToS3, type LocalPipeline } from '../pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeSampleSet, refusedClientId, sampleClientId } from '../start/sample-set';

const clientIdStart = 'c11e';

/** Whether the stand-in knows a client. */
export function isKnownClient(clientId: string): boolean {
  return clientId.startsWith(clientIdStart) || clientId === sampleClientId || clientId === refusedClientId;
}

/** Enough for two photos of each kind. */
const minPhotos = 96;
/** Number of good photos between two bad ones. */
const goodPhotosBetween = 3;
/** Each 20th photo is deleted immediately. */
const deletedEvery = 20;
/** One object of each 20 is marked to be skipped. */
const markedRemainder = 10;
const deletedKeyStart = 'deleted-';
/** Each 15th event is sent twice. */
const repeatedEvery = 15;
const repeatedAfterMs = 2_000;
/** Events of deleted photos are sent this much later, so that the function receives them after the deletion. */
const lateMs = 2_000;

/** An app that uploads photos of every kind: most succeed, each rejection reason occurs, some are deleted immediately or skipped. */
export class SampleApp {
  private readonly s3: S3Client;
  private readonly bucket: string;
  private readonly photos = endlessPhotos(makePhotos());
  private count = 0;

  constructor(pipeline: LocalPipeline) {
    this.s3 = connectToS3(pipeline);
    this.bucket = pipeline.deployment.photoBucket;
  }

  /** On a busy machine this takes longer than the scenes. */
  get hasPutEveryKind(): boolean {
    return this.count >= minPhotos;
  }

  async putNext(): Promise<void> {
    const { key, bytes, metadata, tags } = this.photos.next().value;
    const isDeleted = ++this.count % deletedEvery === 0;
    const isMarked = this.count % deletedEvery === markedRemainder;
    const Key = `${isDeleted ? deletedKeyStart : ''}${this.count}/${key}`;
    const { VersionId } = await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key,
        Body: bytes,
        Metadata: { ...metadata, ...(isMarked && { [metadataNames.livePhoto]: 'skip' }) },
        Tagging: tags && new URLSearchParams(tags).toString(),
      }),
    );
    if (isDeleted) await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key, VersionId }));
  }

  close(): void {
    this.s3.destroy();
  }
}

/** Delivers events like S3: usually immediately, some late, some twice. */
export function deliverAsS3Does(): (body: string, send: () => void) => void {
  let count = 0;
  return (body, send) => {
    if (body.includes(`"key":"${deletedKeyStart}`)) setTimeout(send, lateMs).unref();
    else send();
    if (++count % repeatedEvery === 0) setTimeout(send, repeatedAfterMs).unref();
  };
}

/** Makes all photos in advance, because that takes CPU time. */
function makePhotos(): { readonly good: readonly Buffer[]; readonly rejected: readonly PhotoToPut[] } {
  return {
    good: [40_000, 60_000, 120_000, 250_000, 600_000].map((bytes, seed) => makeJpeg({ bytes, seed })),
    // The photo of an unknown client comes first, because it needs six deliveries.
    rejected: makeSampleSet()
      .filter(({ expected }) => expected !== 'uploaded')
      .toSorted((one, other) => Number(isOfUnknownClient(other)) - Number(isOfUnknownClient(one))),
  };
}

function isOfUnknownClient({ expected }: PhotoToPut): boolean {
  return expected === 'client-unknown';
}

function* endlessPhotos({ good, rejected }: ReturnType<typeof makePhotos>): Generator<PhotoToPut, never> {
  for (let count = 0; ; count++) {
    const turn = Math.floor(count / (goodPhotosBetween + 1));
    const bad = rejected[turn % rejected.length];
    if (count % (goodPhotosBetween + 1) === goodPhotosBetween && bad !== undefined) yield bad;
    else yield goodPhoto(count, good[count % good.length] ?? Buffer.alloc(0));
  }
}

/** Each photo has a different client: the function takes the same bytes of the same client for one photo. */
function goodPhoto(count: number, bytes: Buffer): PhotoToPut {
  const clientId = `${clientIdStart}${String(count).padStart(24 - clientIdStart.length, '0')}`;
  return { key: 'portrait.jpg', bytes, metadata: { [metadataNames.clientId]: clientId }, expected: 'uploaded' };
}
