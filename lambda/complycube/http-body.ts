import type { ClientRequest } from 'node:http';

/** The body of a request. Its length is known in advance. */
export interface HttpBody {
  readonly bytes: number;
  /** Resolves when the first chunk is available. @throws the same errors as {@link chunks}. */
  ready(): Promise<void>;
  /** The body from its start. If it ends early, the request fails. A chunk is valid until the next one is requested. */
  chunks(): AsyncIterable<Buffer>;
  /** Called when the last chunk is about to be written. Chunks of a request that failed earlier may be read, but don't call it. */
  readonly release?: () => void;
}

/** Callbacks of {@link sendBody}. */
export interface SendingEvents {
  readonly isNeeded: () => boolean;
  /** Called before bytes are written. */
  readonly onSending: () => void;
  /** Called before the last byte is written. From then on the server may have the whole request. */
  readonly onWhole: () => void;
  /** Called when the operating system has accepted the last byte. */
  readonly onWritten: () => void;
}

/**
 * Writes a body with backpressure, and ends the request.
 * @throws the body's error, or an error if the body ends early.
 */
export async function sendBody(
  request: ClientRequest,
  body: HttpBody | undefined,
  { isNeeded, onSending, onWhole, onWritten }: SendingEvents,
): Promise<void> {
  if (body === undefined) {
    onSending();
    onWhole();
    request.end(onWritten);
    return;
  }
  let bytes = 0;
  for await (const chunk of body.chunks()) {
    if (!isNeeded()) return;
    onSending();
    bytes += chunk.length;
    if (bytes === body.bytes) {
      onWhole();
      body.release?.();
    }
    await written(request, chunk);
    if (bytes === body.bytes) {
      onWritten();
      if (isNeeded()) request.end();
      return;
    }
  }
  throw new Error(`It has ${bytes} of ${body.bytes} bytes`);
}

/** Resolves when the operating system has accepted the chunk, or the connection is closed (the request reports that). */
function written(request: ClientRequest, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('close', done);
      resolve();
    };
    request.on('close', done);
    request.write(chunk, done);
  });
}
