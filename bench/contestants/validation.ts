/** Nothing but what tells a photo in order from any other bytes: its structure, and its SHA-256. */
import { createHash } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { validateImage } from '../../lambda/image';
import { parseObjectEvents } from '../../lambda/object-events';
import { makeJpeg } from '../../local/sample-photos/jpeg';

const photos = new Map<number, Buffer>();

function photoOf(key: string): Buffer {
  const bytes = parseInt(key, 10);
  const photo = photos.get(bytes) ?? makeJpeg({ bytes, seed: 1 });
  photos.set(bytes, photo);
  return photo;
}

/** Checks a batch's photos, which it makes at their first time. */
export function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { key } of Records.flatMap(({ body }) => parseObjectEvents(body))) {
    const photo = photoOf(key);
    if (validateImage(photo) !== undefined) throw new Error('The photo is not in order');
    createHash('sha256').update(photo).digest('hex');
  }
  return Promise.resolve({ batchItemFailures: [] });
}
