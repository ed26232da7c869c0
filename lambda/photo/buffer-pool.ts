import { photoSize } from '../../contract/photo-rules';

/** Smaller photos get a new buffer, which the young generation's garbage collection frees cheaply. */
const minPooledBytes = 256 * 1024;
/** The number of photos in a batch. */
const maxIdleBuffers = 10;

/**
 * Reuses buffers for images. A new buffer of 4 MB for each photo would cost more, in zeroing and garbage collection, than encoding
 * the photo as base64.
 */
export class BufferPool {
  private readonly idle: Buffer[] = [];

  /** Takes a buffer of at least `bytes` bytes. Its content is arbitrary. */
  take(bytes: number): Buffer {
    if (bytes < minPooledBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.idle.pop() ?? Buffer.allocUnsafeSlow(photoSize.maxBytes);
  }

  /** Returns a buffer to the pool. The caller must not use it afterwards. */
  give(buffer: Buffer): void {
    if (buffer.length === photoSize.maxBytes && this.idle.length < maxIdleBuffers) this.idle.push(buffer);
  }
}
