import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArrivingImage } from '../photo/arriving-image';
import { PhotoMemory, type PhotoRoom } from '../photo/photo-memory';
import { canBeOverwritten, type ObjectVersion } from '../../contract/object-version';
import type { TagSet } from '../../contract/outcome-tags';
import { RetryLaterError } from '../retry-later-error';
import { isS3Error, s3Failure } from './s3-errors';
import { isS3Absence } from '../../contract/s3-absence';

/** The headers of a photo object. */
export interface PhotoHeaders {
  readonly bytes: number;
  /** User metadata. Names are in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** When the version was created, in milliseconds since 1970, in whole seconds. Undefined if S3 did not tell. */
  readonly createdAtMs: number | undefined;
}

/** A photo object whose headers have been read, but not its body. */
export interface OpenPhoto extends PhotoHeaders {
  readonly tagCount: number;
  /** Starts to read the body. Call at most once. */
  read(): ArrivingImage;
  /**
   * Opens the same photo once more and starts to read it, after the first image was released.
   * @throws RetryLaterError `s3-failed` also if the photo is not there any more.
   */
  readAgain(): Promise<ArrivingImage>;
  /** Stops reading and closes the connection. The image's bytes can't be read afterwards. */
  discard(): void;
}

/** Why a location has no photo to read. */
export type AbsentPhoto = 'gone' | 'overwritten';

/**
 * The photo objects in S3, and their tags. Aborting the signal ends a request.
 * @throws RetryLaterError with the code `s3-failed` or `object-archived` when S3 fails. A failure never means that an object is absent.
 */
export class PhotoStore {
  private readonly memory = new PhotoMemory();

  constructor(private readonly s3: S3Client) {}

  /**
   * Opens the version in an event if its ETag matches, once there is memory for it. Aborting the signal also destroys the body.
   */
  async open(location: ObjectVersion, signal: AbortSignal): Promise<OpenPhoto | AbsentPhoto> {
    const room = await this.memory.takeRoom(signal);
    const photo = await this.openInto(room, location, signal).catch((error: unknown) => error as Error);
    if (typeof photo === 'string' || photo instanceof Error) room.free();
    if (photo instanceof Error) throw photo;
    return photo;
  }

  private async openInto(
    room: PhotoRoom,
    location: ObjectVersion,
    signal: AbortSignal,
  ): Promise<OpenPhoto | AbsentPhoto> {
    try {
      const { Body, ContentLength, Metadata, TagCount, ETag, LastModified } = await this.s3.send(
        new GetObjectCommand({ ...objectOf(location), IfMatch: location.eTag }),
        { abortSignal: signal },
      );
      const isOther = withoutQuotes(ETag) !== withoutQuotes(location.eTag);
      if (Body === undefined || ContentLength === undefined || isOther) {
        (Body as Readable | undefined)?.on('error', () => undefined).destroy();
        // S3 itself would have answered 412 for another object. This answer comes from a proxy or a cache.
        const problem = isOther ? 'another object than the event’s' : 'no body or no length';
        throw new RetryLaterError('s3-failed', `S3 GetObject gave ${problem}`);
      }
      room.fit(ContentLength);
      const facts = { bytes: ContentLength, metadata: Metadata ?? {}, createdAtMs: LastModified?.getTime() };
      return {
        ...facts,
        tagCount: TagCount ?? 0,
        ...this.openBody(Body as Readable, { room, bytes: ContentLength, location }, signal),
      };
    } catch (error) {
      const absence = absenceOf(error, location);
      if (absence === undefined) throw s3Failure('GetObject', error);
      return absence;
    }
  }

  private openBody(
    body: Readable,
    { room, bytes, location }: { readonly room: PhotoRoom; readonly bytes: number; readonly location: ObjectVersion },
    signal: AbortSignal,
  ): Pick<OpenPhoto, 'read' | 'readAgain' | 'discard'> {
    let image: ArrivingImage | undefined;
    let again: OpenPhoto | undefined;
    // The connection may break at any time. Without a listener, Node would end the process and lose the whole batch.
    body.on('error', () => undefined);
    const abort = (): void => {
      body.destroy(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return {
      read: () => {
        image = new ArrivingImage(body, bytes, room.take(bytes), () => {
          room.free();
        });
        return image;
      },
      readAgain: async () => {
        const opened = await this.open(location, signal);
        if (typeof opened === 'string') throw new RetryLaterError('s3-failed', `The photo object is ${opened}`);
        again = opened;
        return opened.read();
      },
      discard: () => {
        signal.removeEventListener('abort', abort);
        body.removeAllListeners('data').destroy();
        // A request that has failed may still encode it. It must not read the next photo, which gets the buffer.
        image?.release();
        room.free();
        again?.discard();
      },
    };
  }

  /**
   * Reads the headers of an object that exists, also if it is archived.
   * @throws RetryLaterError also if it does not exist: S3's answer to HEAD has no error code that would prove it.
   */
  async readHeaders(version: ObjectVersion, signal: AbortSignal): Promise<PhotoHeaders | 'other ETag'> {
    try {
      const command = new HeadObjectCommand(objectOf(version));
      const { ContentLength, Metadata, LastModified, ETag } = await this.s3.send(command, { abortSignal: signal });
      if (ContentLength === undefined || ETag === undefined) {
        throw new RetryLaterError('s3-failed', 'S3 HeadObject gave no length or no ETag');
      }
      if (withoutQuotes(ETag) !== withoutQuotes(version.eTag)) return 'other ETag';
      return { bytes: ContentLength, metadata: Metadata ?? {}, createdAtMs: LastModified?.getTime() };
    } catch (error) {
      throw s3Failure('HeadObject', error);
    }
  }

  /** Reads the object's current tags. A failed read never returns an empty set. */
  async readTags(location: ObjectVersion, signal: AbortSignal): Promise<TagSet | 'gone'> {
    try {
      const { TagSet } = await this.s3.send(new GetObjectTaggingCommand(objectOf(location)), { abortSignal: signal });
      if (TagSet === undefined) throw new RetryLaterError('s3-failed', 'S3 GetObjectTagging gave no tag set');
      return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (isS3Absence(error)) return 'gone';
      throw s3Failure('GetObjectTagging', error);
    }
  }

  /** Replaces the object's whole tag set. */
  async writeTags(location: ObjectVersion, tags: TagSet, signal: AbortSignal): Promise<'written' | 'gone'> {
    const TagSet = [...tags].map(([Key, Value]) => ({ Key, Value }));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.s3.send(new PutObjectTaggingCommand({ ...objectOf(location), Tagging: { TagSet } }), {
          abortSignal: signal,
        });
        return 'written';
      } catch (error) {
        if (isS3Absence(error)) return 'gone';
        // Another operation on the same object is under way: "try again" (S3's list of error codes).
        if (!isS3Error(error, 'OperationAborted') || attempt === maxTagAttempts) {
          throw s3Failure('PutObjectTagging', error);
        }
        await sleep(attempt * tagRetryMs);
      }
    }
  }
}

const maxTagAttempts = 4;
const tagRetryMs = 50;

function objectOf({ bucket, key, versionId }: ObjectVersion) {
  return { Bucket: bucket, Key: key, VersionId: versionId };
}

/** ETags have quotes in headers, and none in events. */
function withoutQuotes(eTag: string | undefined): string | undefined {
  return eTag?.replaceAll('"', '');
}

/** @returns undefined if the error does not prove that the object is absent. */
function absenceOf(error: unknown, version: ObjectVersion): AbsentPhoto | undefined {
  if (isS3Absence(error)) return 'gone';
  // A version never changes, so a different ETag of a named version is an unexplained failure.
  return canBeOverwritten(version) && isS3Error(error, 'PreconditionFailed') ? 'overwritten' : undefined;
}
