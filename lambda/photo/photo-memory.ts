import { photoSize } from '../../contract/photo-rules';

/** How many of the largest photos an execution environment holds at a time. */
const maxPhotos = 10;

/** Smaller photos get a new buffer, which the young generation's garbage collection frees cheaply. */
const minPooledBytes = 256 * 1024;

/**
 * The memory for photos in one execution environment: room for ten of the largest, however many are processed.
 *
 * A photo has room from before it is opened until its request was sent. While ComplyCube inspects it, its bytes are not needed.
 *
 * Reuses large buffers: a new one of 4 MB for each photo would cost more, in zeroing and garbage collection, than encoding the
 * photo as base64.
 */
export class PhotoMemory {
  private freeBytes = maxPhotos * photoSize.maxBytes;
  private readonly idle: Buffer[] = [];
  /** Photos that wait for room, in order. */
  private readonly waiting = new Set<() => void>();

  /**
   * Resolves when there is room for a photo of any size. Aborting the signal gives the room back, even if the photo's work hangs.
   * @throws the reason of the abort.
   */
  async takeRoom(signal: AbortSignal): Promise<PhotoRoom> {
    if (this.waiting.size > 0 || !this.reserve()) await this.waitForRoom(signal);
    const room = new PhotoRoom(this.idle, (bytes) => {
      this.freeBytes += bytes;
      this.wakeNext();
    });
    signal.addEventListener('abort', () => room.abandon(), { once: true });
    return room;
  }

  private waitForRoom(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const wake = end(resolve);
      const abort = end(() => {
        reject(signal.reason as Error);
      });
      this.waiting.add(wake);
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
    });
  }

  /** Reserves the room before the next photo in line goes on, so that no other one takes it. */
  private wakeNext(): void {
    const [next] = this.waiting;
    if (next !== undefined && this.reserve()) next();
  }

  /** @returns whether there was room. */
  private reserve(): boolean {
    if (this.freeBytes < photoSize.maxBytes) return false;
    this.freeBytes -= photoSize.maxBytes;
    return true;
  }
}

/** The room of one photo. At first, of the largest one. */
export class PhotoRoom {
  private bytes: number = photoSize.maxBytes;
  private buffer: Buffer | undefined;

  constructor(
    private readonly idle: Buffer[],
    private readonly giveBack: (bytes: number) => void,
  ) {}

  /** Gives back what a photo of this size does not need. */
  fit(bytes: number): void {
    if (bytes < minPooledBytes) this.shrink(bytes);
  }

  /** A buffer of at least `bytes` bytes. Its content is arbitrary. Call at most once, after {@link fit}. */
  take(bytes: number): Buffer {
    if (bytes < minPooledBytes) return Buffer.allocUnsafeSlow(bytes);
    this.buffer = this.idle.pop() ?? Buffer.allocUnsafeSlow(photoSize.maxBytes);
    return this.buffer;
  }

  /** Gives back everything. The buffer must not be used afterwards. Further calls do nothing. */
  free(): void {
    if (this.buffer !== undefined) this.idle.push(this.buffer);
    this.abandon();
  }

  /** Gives the room back, but not the buffer: work that was aborted may still use it. */
  abandon(): void {
    this.buffer = undefined;
    this.shrink(0);
  }

  private shrink(toBytes: number): void {
    const given = this.bytes - toBytes;
    if (given <= 0) return;
    this.bytes = toBytes;
    this.giveBack(given);
  }
}
