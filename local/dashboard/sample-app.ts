import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { metadataNames } from '../../contract/photo-rules';
import type { PhotoToPut } from '../start/photo-run';
import { localCredentials } from '../pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeSampleSet, refusedClientId, sampleClientId } from '../start/sample-set';
import { localAccount } from '../pipeline/template';

const clientIdStart = 'c11e';

/** Whether a client is one of this app's, and not the one that there isn't. */
export function isKnownClient(clientId: string): boolean {
  return clientId.startsWith(clientIdStart) || clientId === sampleClientId || clientId === refusedClientId;
}

/** More than it takes for each kind to come up twice. */
const leastPhotos = 96;
/** Good photos that come between any two that are to be rejected. */
const goodOnesBetween = 3;
/** Every so many photos, one is deleted right after it was put. */
const deletedEvery = 20;
const deletedKeyStart = 'deleted-';
/** Every so many events come twice. */
const repeatedEvery = 15;
const repeatedAfterMs = 2_000;
/** Late enough for its photo to be gone by then. */
const lateMs = 2_000;

/** An app whose photos are of every kind: most go through, each rejection reason comes up, some are deleted at once. */
export class StageApp {
  private readonly s3: S3Client;
  private readonly photos = endlessPhotos(drawPhotos());
  private count = 0;

  constructor(
    s3Url: string,
    private readonly bucket: string,
  ) {
    const { region } = localAccount;
    this.s3 = new S3Client({ region, endpoint: s3Url, forcePathStyle: true, credentials: localCredentials });
  }

  /** Whether each rejection reason came up, with good photos between, and some were deleted: it takes longer on a busy machine. */
  get hasPutEveryKind(): boolean {
    return this.count >= leastPhotos;
  }

  /** Puts the next photo. */
  async putNext(): Promise<void> {
    const { key, bytes, metadata, tags } = this.photos.next().value;
    const isDeleted = ++this.count % deletedEvery === 0;
    const Key = `${isDeleted ? deletedKeyStart : ''}${this.count}/${key}`;
    const { VersionId } = await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key,
        Body: bytes,
        Metadata: { ...metadata },
        Tagging: tags && new URLSearchParams(tags).toString(),
      }),
    );
    if (isDeleted) await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key, VersionId }));
  }

  leave(): void {
    this.s3.destroy();
  }
}

/** Delivers S3's notifications as S3 does: usually at once, some late, some twice. */
export function deliverAsS3Does(): (body: string, send: () => void) => void {
  let count = 0;
  return (body, send) => {
    if (body.includes(`"key":"${deletedKeyStart}`)) setTimeout(send, lateMs).unref();
    else send();
    if (++count % repeatedEvery === 0) setTimeout(send, repeatedAfterMs).unref();
  };
}

/** Drawn at once, and not while the app is at it. */
function drawPhotos(): { readonly good: readonly Buffer[]; readonly rejected: readonly PhotoToPut[] } {
  return {
    good: [40_000, 60_000, 120_000, 250_000, 600_000].map((bytes, seed) => makeJpeg({ bytes, seed })),
    // That of an unknown client first: it takes six deliveries.
    rejected: makeSampleSet()
      .filter(({ expected }) => expected !== 'uploaded')
      .toSorted((one, other) => Number(isOfUnknownClient(other)) - Number(isOfUnknownClient(one))),
  };
}

function isOfUnknownClient({ expected }: PhotoToPut): boolean {
  return expected === 'client-unknown';
}

function* endlessPhotos({ good, rejected }: ReturnType<typeof drawPhotos>): Generator<PhotoToPut, never> {
  for (let count = 0; ; count++) {
    const turn = Math.floor(count / (goodOnesBetween + 1));
    const bad = rejected[turn % rejected.length];
    if (count % (goodOnesBetween + 1) === goodOnesBetween && bad !== undefined) yield bad;
    else yield goodPhoto(count, good[count % good.length] ?? Buffer.alloc(0));
  }
}

/** Each of a client of its own: the same bytes of the same client could be one photo that is tried again. */
function goodPhoto(count: number, bytes: Buffer): PhotoToPut {
  const clientId = `${clientIdStart}${String(count).padStart(24 - clientIdStart.length, '0')}`;
  return { key: 'portrait.jpg', bytes, metadata: { [metadataNames.clientId]: clientId }, expected: 'uploaded' };
}
