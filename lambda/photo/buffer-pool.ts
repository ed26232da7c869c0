import { photoSize } from '../../contract/photo-rules';

/** Smaller photos get a buffer of their own size: those come and go with the young garbage. */
const minPooledBytes = 256 * 1024;
/** As many photos as a batch has. */
const maxIdleBuffers = 10;

/**
 * Buffers for the images of photo objects, used again and again: a fresh 4 MB for each photo would cost more in zeroing and
 * garbage collection than the photo's base64.
 */
export class BufferPool {
  private readonly idle: Buffer[] = [];

  /** Takes a buffer of at least so many bytes, with anything in it. */
  take(bytes: number): Buffer {
    if (bytes < minPooledBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.idle.pop() ?? Buffer.allocUnsafeSlow(photoSize.maxBytes);
  }

  /** Gives a buffer back; nobody may use it any more. */
  give(buffer: Buffer): void {
    if (buffer.length === photoSize.maxBytes && this.idle.length < maxIdleBuffers) this.idle.push(buffer);
  }
}
