import { GetObjectTaggingCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { tagNames } from '../../contract/outcome-tags';
import type { FunctionLog } from './function-log';

/** A photo object to put into the bucket. */
export interface PhotoToPut {
  readonly key: string;
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** How it must end: `uploaded`, or the reason of its rejection. */
  readonly expected: string;
}

/** What became of a photo object. */
export interface PhotoResult {
  readonly key: string;
  readonly bytes: number;
  readonly status: string;
  readonly livePhotoId?: string | undefined;
  /** The rejection reason. */
  readonly reason?: string | undefined;
  /** What is wrong with the photo, or why it is unfinished, in words. */
  readonly detail?: string | undefined;
  readonly deliveries: number;
  /** From the PUT's answer to the function's log line, which it writes as soon as the tags are. */
  readonly ms: number;
  /** How it must have ended: `uploaded`, or the reason of its rejection. */
  readonly expected: string;
  readonly isAsExpected: boolean;
}

/** What a run works with. */
export interface PhotoRunEdges {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly log: FunctionLog;
  /** Told of each photo as soon as it has ended. */
  readonly onResult: (result: PhotoResult) => void;
  /** Once aborted, photos that have not ended are given up. */
  readonly signal: AbortSignal;
}

/** How many uploads an app may have under way at once. */
const concurrentPuts = 6;

/** Puts photos into the bucket as an app does, and waits for each until its tags tell what became of it. */
export async function runPhotos(photos: readonly PhotoToPut[], edges: PhotoRunEdges): Promise<PhotoResult[]> {
  const takeTurn = turns(concurrentPuts);
  const interrupted = new Promise<undefined>((resolve) => {
    if (edges.signal.aborted) resolve(undefined);
    edges.signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  return Promise.all(
    photos.map(async (photo) => {
      const versionId = await takeTurn(() => put(photo, edges));
      const putAt = performance.now();
      await Promise.race([edges.log.ended(photo.key, versionId), interrupted]);
      const result = await readResult(photo, versionId, Math.round(performance.now() - putAt), edges);
      edges.onResult(result);
      return result;
    }),
  );
}

/** Lets so many pieces of work run at the same time; the others wait their turn. */
function turns(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

async function put(photo: PhotoToPut, { s3, bucket }: PhotoRunEdges): Promise<string | undefined> {
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: photo.key,
      Body: photo.bytes,
      Metadata: { ...photo.metadata },
      Tagging: photo.tags && new URLSearchParams(photo.tags).toString(),
    }),
  );
  return VersionId;
}

/** Believes the tags; the log only where it says that there are none, and for what tags do not tell. */
async function readResult(
  photo: PhotoToPut,
  versionId: string | undefined,
  ms: number,
  edges: PhotoRunEdges,
): Promise<PhotoResult> {
  const { key, expected } = photo;
  const tags = await readTags(key, versionId, edges);
  const logged = edges.log.find(key, versionId);
  const loggedStatus = logged?.isTagged === false ? logged.status : undefined;
  const status = tags.get(tagNames.status) ?? loggedStatus ?? 'unfinished';
  const reason = tags.get(tagNames.rejection) ?? (status === loggedStatus ? logged?.reason : undefined);
  const livePhotoId = tags.get(tagNames.livePhotoId);
  const isToldInTags = status !== 'uploaded' || livePhotoId !== undefined;
  const hasKeptTags = Object.entries(photo.tags ?? {}).every(([name, value]) => tags.get(name) === value);
  return {
    key,
    bytes: photo.bytes.length,
    status,
    livePhotoId,
    reason,
    detail: status === 'unfinished' ? logged?.error : logged?.detail,
    deliveries: logged?.deliveries ?? 0,
    ms,
    expected,
    isAsExpected: isToldInTags && hasKeptTags && expected === (status === 'rejected' ? reason : status),
  };
}

async function readTags(
  key: string,
  versionId: string | undefined,
  { s3, bucket }: PhotoRunEdges,
): Promise<ReadonlyMap<string, string>> {
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const { TagSet = [] } = await s3.send(command);
  return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}
