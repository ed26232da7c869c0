import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type Tag,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { s3Failure } from '../fixtures/s3-answers';

/** A photo object's version. */
export interface PhotoVersion {
  readonly bytes: Buffer;
  readonly eTag: string;
  readonly createdAtMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  tags: ReadonlyMap<string, string>;
  isDeleted: boolean;
}

/**
 * How one request to S3 fails: before or after its effect; with a 404 of a proxy; or without an answer, until it
 * is aborted.
 */
export type S3Fault = 'fails before' | 'fails after' | 'proxy answers 404' | 'hangs' | undefined;

/** State shared by all environments: photo versions by `key versionId`, and the objects of the claims bucket by key. */
export class S3State {
  readonly photos = new Map<string, PhotoVersion>();
  readonly claims = new Map<string, { body: string; eTag: string }>();
  private writes = 0;

  nextETag(): string {
    return `"${++this.writes}"`;
  }
}

/** A step of a request. Other environments may run before it. An environment that died stops here. */
export type Step = (label: string) => Promise<void>;

/**
 * An S3 client over shared state that knows the commands that the function sends, and answers as S3 does. Each request has
 * two steps, before and after its effect, so that an environment can die on either side of it.
 */
export function createInMemoryS3(state: S3State, step: Step, nextFault: () => S3Fault): S3Client {
  const send = async (
    command: { readonly input: unknown; readonly constructor: { readonly name: string } },
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<unknown> => {
    const { name } = command.constructor;
    const fault = nextFault();
    abortSignal?.throwIfAborted();
    await step(`${name} →`);
    abortSignal?.throwIfAborted();
    if (fault === 'fails before') throw s3Failure(500, 'InternalError');
    if (fault === 'proxy answers 404') throw s3Failure(404, 'NotFound');
    if (fault === 'hangs') await aborted(abortSignal);
    const answer = performer(command, state);
    await step(`${name} ←`);
    if (fault === 'fails after') throw s3Failure(503, 'SlowDown');
    return answer();
  };
  return { send } as unknown as S3Client;
}

/** Rejects when the signal is aborted. */
export function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort);
  });
}

/** Performs a command immediately. @returns a function that returns the answer, or throws the error. */
function performer(command: unknown, state: S3State): () => unknown {
  try {
    const answer = perform(command, state);
    return () => answer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function perform(command: unknown, state: S3State): unknown {
  if (command instanceof GetObjectCommand) {
    const { Bucket, Key = '', VersionId, IfMatch } = command.input;
    if (Bucket === 'claims') return getClaim(state, Key);
    const photo = findPhoto(state, Key, VersionId);
    if (IfMatch !== undefined && IfMatch !== photo.eTag) throw s3Failure(412, 'PreconditionFailed');
    return {
      Body: Readable.from([photo.bytes], { objectMode: false }),
      ETag: photo.eTag,
      ContentLength: photo.bytes.length,
      Metadata: photo.metadata,
      LastModified: new Date(photo.createdAtMs),
      TagCount: photo.tags.size === 0 ? undefined : photo.tags.size,
    };
  }
  if (command instanceof HeadObjectCommand) {
    const {
      bytes,
      eTag: ETag,
      metadata: Metadata,
      createdAtMs,
    } = findPhoto(state, command.input.Key ?? '', command.input.VersionId);
    return { ContentLength: bytes.length, ETag, Metadata, LastModified: new Date(createdAtMs) };
  }
  if (command instanceof PutObjectCommand) {
    const { Key = '', Body, IfMatch, IfNoneMatch } = command.input;
    const current = state.claims.get(Key);
    if (IfNoneMatch === '*' && current !== undefined) throw s3Failure(412, 'PreconditionFailed');
    if (IfMatch !== undefined && current === undefined)
      throw new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } });
    if (IfMatch !== undefined && current?.eTag !== IfMatch) throw s3Failure(412, 'PreconditionFailed');
    const ETag = state.nextETag();
    state.claims.set(Key, { body: Body as string, eTag: ETag });
    return { ETag };
  }
  if (command instanceof DeleteObjectCommand) {
    const { Key = '', IfMatch } = command.input;
    if (state.claims.get(Key)?.eTag !== IfMatch) throw s3Failure(412, 'PreconditionFailed');
    state.claims.delete(Key);
    return {};
  }
  if (command instanceof GetObjectTaggingCommand) {
    const { Key = '', VersionId } = command.input;
    return { TagSet: [...findPhoto(state, Key, VersionId).tags].map(([name, Value]) => ({ Key: name, Value })) };
  }
  if (command instanceof PutObjectTaggingCommand) {
    const { Key = '', VersionId, Tagging } = command.input;
    const tags = (Tagging?.TagSet ?? []).map(({ Key: name = '', Value = '' }: Tag) => [name, Value] as const);
    findPhoto(state, Key, VersionId).tags = new Map(tags);
    return {};
  }
  throw new Error('The function sent a command that it did not send before');
}

function findPhoto(state: S3State, key: string, versionId: string | undefined): PhotoVersion {
  const photo = state.photos.get(`${key} ${versionId ?? ''}`);
  if (photo === undefined || photo.isDeleted) throw s3Failure(404, 'NoSuchVersion');
  return photo;
}

function getClaim(state: S3State, key: string): unknown {
  const claim = state.claims.get(key);
  if (claim === undefined) throw new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } });
  return { Body: { transformToString: () => Promise.resolve(claim.body) }, ETag: claim.eTag };
}
