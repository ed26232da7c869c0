/**
 * Nothing but the checks that a photo pays for: of its structure, and of its SHA-256 where it comes again and is compared with a live
 * photo.
 */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { validateImage } from '../../contract/image/image';
import { readMessage } from '../../contract/object-events';
import { redeliveredVersionId } from '../events';
import { makeCameraPhoto } from '../photo';
import { crc32 } from 'node:zlib';

const photos = new Map<string, Buffer>();

function photoOf(key: string): Buffer {
  const photo = photos.get(key) ?? makeCameraPhoto(parseInt(key, 10));
  photos.set(key, photo);
  return photo;
}

/** Checks a batch's photos, which it makes at their first time. */
export function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { key, versionId } of Records.flatMap(({ body }) => readMessage(body).photos)) {
    const photo = photoOf(key);
    if (validateImage(photo, crc32) !== undefined) throw new Error('The photo is not in order');
    if (versionId === redeliveredVersionId) createHash('sha256').update(photo).digest('hex');
  }
  return Promise.resolve({ batchItemFailures: [] });
}
