import { GetObjectTaggingCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { tagNames } from '../../contract/outcome-tags';
import { aborted } from '../../cli/terminal/command';
import type { FunctionLog, LoggedPhoto } from './function-log';

/** A photo object to upload. */
export interface PhotoToPut {
  readonly key: string;
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** The expected outcome: `uploaded` or a rejection reason. */
  readonly expected: string;
}

/** The result of a photo object. */
export interface PhotoResult {
  readonly key: string;
  readonly bytes: number;
  readonly status: string;
  readonly livePhotoId?: string | undefined;
  /** The rejection reason. */
  readonly reason?: string | undefined;
  /** What is wrong with the photo, or why it is unfinished. */
  readonly detail?: string | undefined;
  readonly deliveries: number;
  /** From the response to the PUT until the function's log line, which follows the tags. */
  readonly ms: number;
  /** The expected outcome: `uploaded` or a rejection reason. */
  readonly expected: string;
  readonly isAsExpected: boolean;
}

/** Dependencies of {@link runPhotos}. */
export interface PhotoRunDeps {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly log: FunctionLog;
  /** Called with each result as soon as it is known. */
  readonly onResult: (result: PhotoResult) => void;
  /** Ends the run early: nothing more is uploaded, and photos without an outcome become `unfinished`. */
  readonly signal: AbortSignal;
}

/** Maximum number of simultaneous uploads. */
const concurrentPuts = 6;

/** Uploads photos to the bucket like an app, and waits for the outcome of each. */
export async function runPhotos(photos: readonly PhotoToPut[], deps: PhotoRunDeps): Promise<PhotoResult[]> {
  const limited = limitConcurrency(concurrentPuts);
  const interrupted = aborted(deps.signal);
  return Promise.all(
    photos.map(async (photo) => {
      const version = await limited(async () => (deps.signal.aborted ? undefined : put(photo, deps)));
      if (version === undefined) return resultOf(photo, { tags: new Map(), logged: undefined, ms: 0 });
      const { id, putAt } = version;
      await Promise.race([deps.log.ended(photo.key, id), interrupted]);
      const ms = Math.round(performance.now() - putAt);
      const tags = await readTags(photo.key, id, deps);
      const result = resultOf(photo, { tags, logged: deps.log.find(photo.key, id), ms });
      deps.onResult(result);
      return result;
    }),
  );
}

/** @returns a function that runs up to `count` tasks at a time. Others wait. */
function limitConcurrency(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
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

interface PutVersion {
  /** Undefined in a bucket without versions. */
  readonly id: string | undefined;
  readonly putAt: number;
}

async function put(photo: PhotoToPut, { s3, bucket }: PhotoRunDeps): Promise<PutVersion> {
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: photo.key,
      Body: photo.bytes,
      Metadata: { ...photo.metadata },
      Tagging: photo.tags && new URLSearchParams(photo.tags).toString(),
    }),
  );
  return { id: VersionId, putAt: performance.now() };
}

interface Found {
  readonly tags: ReadonlyMap<string, string>;
  readonly logged: LoggedPhoto | undefined;
  readonly ms: number;
}

/** The outcome comes from the tags. The log counts only if it says that the outcome was not tagged, and for other details. */
function resultOf(photo: PhotoToPut, { tags, logged, ms }: Found): PhotoResult {
  const { key, expected } = photo;
  const loggedStatus = logged?.isTagged === false ? logged.status : undefined;
  const status = tags.get(tagNames.status) ?? loggedStatus ?? 'unfinished';
  const reason = tags.get(tagNames.rejection) ?? (status === loggedStatus ? logged?.reason : undefined);
  const livePhotoId = tags.get(tagNames.livePhotoId);
  const isComplete = status !== 'uploaded' || livePhotoId !== undefined;
  const hasAppTags = Object.entries(photo.tags ?? {}).every(([name, value]) => tags.get(name) === value);
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
    isAsExpected: isComplete && hasAppTags && expected === (status === 'rejected' ? reason : status),
  };
}

/** Reads the tags of a version of a photo object. */
export async function readTags(
  key: string,
  versionId: string | undefined,
  { s3, bucket }: Pick<PhotoRunDeps, 's3' | 'bucket'>,
): Promise<ReadonlyMap<string, string>> {
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const { TagSet = [] } = await s3.send(command);
  return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}
