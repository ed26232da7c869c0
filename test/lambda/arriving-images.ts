import { Readable } from 'node:stream';
import { ArrivingImage } from '../../lambda/photo/arriving-image';

/** An image that has arrived, or will have in a moment. */
export function arrivedImage(bytes: Buffer): ArrivingImage {
  return new ArrivingImage(Readable.from([bytes], { objectMode: false }), bytes.length, Buffer.alloc(bytes.length));
}

/** An image that arrives when the test says so. */
export function startImage(length: number, bufferBytes = length) {
  const stream = new Readable({ read: () => undefined });
  const buffer = Buffer.alloc(bufferBytes);
  return { stream, buffer, image: new ArrivingImage(stream, length, buffer) };
}
