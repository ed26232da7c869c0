import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  NoSuchKey,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type Tag,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { s3Failure } from '../s3-answers';

/** A photo object's version. */
export interface PhotoVersion {
  readonly bytes: Buffer;
  readonly eTag: string;
  readonly metadata: Readonly<Record<string, string>>;
  tags: ReadonlyMap<string, string>;
  isDeleted: boolean;
}

/** How one request to S3 goes wrong: before it had an effect, or after. */
export type S3Fault = 'fails before' | 'fails after' | undefined;

/** What all environments share: photo versions by `key versionId`, claims by key. */
export class S3State {
  readonly photos = new Map<string, PhotoVersion>();
  readonly claims = new Map<string, { body: string; eTag: string }>();
  private writes = 0;

  nextETag(): string {
    return `"${++this.writes}"`;
  }
}

/** Steps of a request that others may come between; an environment that died gets no further. */
export type Step = (label: string) => Promise<void>;

/**
 * An S3 client over shared state that knows the commands that the function sends, and answers as S3 does. Each request has
 * two steps, before and after its effect, so that an environment can die on either side of it.
 */
export function createInMemoryS3(state: S3State, step: Step, nextFault: () => S3Fault): S3Client {
  const send = async (command: {
    readonly input: unknown;
    readonly constructor: { readonly name: string };
  }): Promise<unknown> => {
    const { name } = command.constructor;
    const fault = nextFault();
    await step(`${name} →`);
    if (fault === 'fails before') throw s3Failure(500, 'InternalError');
    const tell = performer(command, state);
    await step(`${name} ←`);
    if (fault === 'fails after') throw s3Failure(503, 'SlowDown');
    return tell();
  };
  return { send } as unknown as S3Client;
}

/** Performs a command at once, and gives what tells its caller: the answer, or the error. */
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
      ContentLength: photo.bytes.length,
      Metadata: photo.metadata,
      TagCount: photo.tags.size === 0 ? undefined : photo.tags.size,
    };
  }
  if (command instanceof PutObjectCommand) {
    const { Key = '', Body, IfMatch, IfNoneMatch } = command.input;
    const standing = state.claims.get(Key);
    if (IfNoneMatch === '*' && standing !== undefined) throw s3Failure(412, 'PreconditionFailed');
    if (IfMatch !== undefined && standing === undefined)
      throw new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } });
    if (IfMatch !== undefined && standing?.eTag !== IfMatch) throw s3Failure(412, 'PreconditionFailed');
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
