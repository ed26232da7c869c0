/** Nothing but what tells a photo in order from any other bytes: its structure. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { validateImage } from '../../lambda/image';
import { parseObjectEvents } from '../../lambda/object-events';
import { makeJpeg } from '../../local/sample-photos/jpeg';

const photos = new Map<string, Buffer>();

function photoOf(key: string): Buffer {
  const photo = photos.get(key) ?? makeJpeg({ bytes: parseInt(key, 10), seed: 1 });
  photos.set(key, photo);
  return photo;
}

/** Validates a batch's photos, which it makes at their first time. */
export function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { key } of Records.flatMap(({ body }) => parseObjectEvents(body))) {
    if (validateImage(photoOf(key)) !== undefined) throw new Error('The photo is not in order');
  }
  return Promise.resolve({ batchItemFailures: [] });
}
