/** Only the checks of a photo: its structure, and the SHA-256 that a redelivered photo needs for the comparison with a live photo. */
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

/** Checks the photos of a batch. Each photo is made once. */
export function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { key, versionId } of Records.flatMap(({ body }) => readMessage(body).photos)) {
    const photo = photoOf(key);
    if (validateImage(photo, crc32) !== undefined) throw new Error('The photo is damaged');
    if (versionId === redeliveredVersionId) createHash('sha256').update(photo).digest('hex');
  }
  return Promise.resolve({ batchItemFailures: [] });
}
