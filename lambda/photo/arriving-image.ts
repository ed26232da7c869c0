import type { Readable } from 'node:stream';
import { validateImage } from '../../contract/image/image';
import type { Rejected } from '../../contract/outcome';
import { RetryLaterError } from '../retry-later-error';
import { crc32 } from 'node:zlib';

/** The image of a photo object while it arrives from S3. Its first bytes can be sent before the last ones arrive. */
export class ArrivingImage {
  private arrived = 0;
  private failure: Error | undefined;
  private readonly waiting = new Set<{
    bytes: number;
    resolve: (image: Buffer) => void;
    reject: (error: Error) => void;
  }>();
  private checking: Promise<Rejected | undefined> | undefined;
  private hasBuffer = true;

  /**
   * Starts to read.
   * @param length the length in the headers. More bytes are an error.
   * @param buffer receives the image. At least `length` bytes.
   * @param onRelease called when the buffer is no longer needed.
   */
  constructor(
    stream: Readable,
    readonly length: number,
    private buffer: Buffer,
    private readonly onRelease: () => void = () => undefined,
  ) {
    if (stream.destroyed) this.fail(readFailure('The body was closed before it was read', stream.errored));
    // Uses events, because `for await` over a stream costs more than all other work on a chunk.
    stream.on('data', (chunk: Buffer) => {
      if (this.arrived + chunk.length > length) {
        this.fail(readFailure('S3 sent more bytes than it announced'));
        stream.destroy();
        return;
      }
      this.arrived += chunk.copy(this.buffer, this.arrived);
      this.wake();
    });
    stream.on('error', (cause) => {
      this.fail(readFailure('The photo object could not be read', cause));
    });
    stream.on('close', () => {
      if (this.arrived < length) this.fail(readFailure('S3 sent fewer bytes than it announced'));
    });
  }

  /**
   * Resolves with the bytes that have arrived, once there are at least `bytes` of them or the image is complete.
   * @throws RetryLaterError when the image can't be read, or its stream was destroyed.
   */
  until(bytes: number): Promise<Buffer> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const wanted = Math.min(bytes, this.length);
    if (this.arrived >= wanted) return Promise.resolve(this.buffer.subarray(0, this.arrived));
    return new Promise((resolve, reject) => {
      this.waiting.add({ bytes: wanted, resolve, reject });
    });
  }

  /**
   * Checks the image once it is complete. Undefined: it is one whole JPEG or PNG.
   * @throws RetryLaterError when the image can't be read.
   */
  fault(): Promise<Rejected | undefined> {
    this.checking ??= this.until(this.length).then((image) => validateImage(image, crc32));
    return this.checking;
  }

  /** Gives the buffer back. The image's bytes can't be read afterwards. */
  release(): void {
    if (!this.hasBuffer) return;
    this.hasBuffer = false;
    this.buffer = noBytes; // a small photo's buffer is not reused, but collected
    this.fail(readFailure('The image was released'));
    this.onRelease();
  }

  get isReleased(): boolean {
    return !this.hasBuffer;
  }

  private wake(): void {
    for (const waiter of this.waiting) {
      if (this.arrived < waiter.bytes) continue;
      this.waiting.delete(waiter);
      waiter.resolve(this.buffer.subarray(0, this.arrived));
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const waiter of this.waiting) waiter.reject(this.failure);
    this.waiting.clear();
  }
}

const noBytes = Buffer.alloc(0);

function readFailure(message: string, cause?: unknown): RetryLaterError {
  return cause instanceof RetryLaterError ? cause : new RetryLaterError('s3-failed', message, { cause });
}
