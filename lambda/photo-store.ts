import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  NoSuchBucket,
  PutObjectTaggingCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArrivingImage } from './arriving-image';
import { BufferPool } from './buffer-pool';
import type { PhotoLocation } from './object-events';
import { RetryLaterError } from './retry-later-error';
import type { TagSet } from './photo-tags';

/** A photo object whose headers are known and whose body is not read yet. */
export interface OpenPhoto {
  readonly bytes: number;
  /** User metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tagCount: number;
  /** Starts to read the body; at most once. */
  read(): ArrivingImage;
  /** Ends the reading, wherever it is; what was read is not to be used any more. */
  discard(): void;
}

/** Why there is no photo to read at a location. */
export type AbsentPhoto = 'gone' | 'overwritten';

/** The photo objects in S3: the pinned object, and its tags. */
export class PhotoStore {
  private readonly buffers = new BufferPool();

  constructor(private readonly s3: S3Client) {}

  /** Opens the very object that an event was about: that version, with that ETag. */
  async open(location: PhotoLocation): Promise<OpenPhoto | AbsentPhoto> {
    try {
      const { Body, ContentLength, Metadata, TagCount } = await this.s3.send(
        new GetObjectCommand({ ...objectOf(location), IfMatch: location.eTag }),
      );
      if (Body === undefined || ContentLength === undefined) throw new RetryLaterError('S3 GetObject gave no body');
      const body = Body as Readable;
      let buffer: Buffer | undefined;
      return {
        bytes: ContentLength,
        metadata: Metadata ?? {},
        tagCount: TagCount ?? 0,
        read: () => new ArrivingImage(body, ContentLength, (buffer = this.buffers.take(ContentLength))),
        discard: () => {
          body.removeAllListeners('data').destroy();
          if (buffer !== undefined) this.buffers.give(buffer);
        },
      };
    } catch (error) {
      const absence = absenceOf(error);
      if (absence === undefined) throw error;
      return absence;
    }
  }

  /** Reads the tags that stand on the object; a failed read is never an empty set. */
  async readTags(location: PhotoLocation): Promise<TagSet | 'gone'> {
    try {
      const { TagSet } = await this.s3.send(new GetObjectTaggingCommand(objectOf(location)));
      if (TagSet === undefined) throw new RetryLaterError('S3 GetObjectTagging gave no tag set');
      return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (absenceOf(error) === 'gone') return 'gone';
      throw error;
    }
  }

  /** Replaces the object's whole tag set. */
  async writeTags(location: PhotoLocation, tags: TagSet): Promise<'written' | 'gone'> {
    const TagSet = [...tags].map(([Key, Value]) => ({ Key, Value }));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.s3.send(new PutObjectTaggingCommand({ ...objectOf(location), Tagging: { TagSet } }));
        return 'written';
      } catch (error) {
        if (absenceOf(error) === 'gone') return 'gone';
        // OperationAborted: another operation on the same object is under way, "try again" (S3's list of error codes).
        if (statusOf(error) !== 409 || attempt === maxTagAttempts) throw error;
        await sleep(attempt * tagRetryMs);
      }
    }
  }
}

const maxTagAttempts = 4;
const tagRetryMs = 50;

function objectOf({ bucket, key, versionId }: PhotoLocation) {
  return { Bucket: bucket, Key: key, VersionId: versionId };
}

/**
 * Tells that an object is not there from a failure to look.
 *
 * 404 with `s3:ListBucket` granted is certain, save for a missing bucket; 405 is a delete marker named by its version; 412
 * is another ETag than the event's (S3 API reference, GetObject).
 */
function absenceOf(error: unknown): AbsentPhoto | undefined {
  if (error instanceof NoSuchBucket) return undefined;
  const status = statusOf(error);
  if (status === 404 || status === 405) return 'gone';
  return status === 412 ? 'overwritten' : undefined;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
