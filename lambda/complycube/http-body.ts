import type { ClientRequest } from 'node:http';

/** The body of a request. Its length is known before its bytes are. */
export interface HttpBody {
  readonly bytes: number;
  /** Resolves when the first chunk is available. @throws what {@link chunks} would throw. */
  ready(): Promise<void>;
  /** The body from its start. Ending early gives up the request. A chunk is valid until the next one is asked for. */
  chunks(): AsyncIterable<Buffer>;
}

/** What the sender of a body asks and reports. */
export interface SendingEvents {
  readonly isNeeded: () => boolean;
  /** Called as bytes are handed over. */
  readonly onSending: () => void;
  /** Called before the last byte is handed over: from then on the server may have the whole request. */
  readonly onWhole: () => void;
  /** Called when the operating system has taken the last byte. */
  readonly onWritten: () => void;
}

/**
 * Writes a body as fast as it is taken, and ends the request.
 * @throws what the body throws, or an error when it ends early.
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
    if (bytes === body.bytes) onWhole();
    await written(request, chunk);
    if (bytes === body.bytes) {
      onWritten();
      if (isNeeded()) request.end();
      return;
    }
  }
  throw new Error(`It has ${bytes} of ${body.bytes} bytes`);
}

/** Resolves when the operating system has taken the chunk, or the connection is gone, which the request reports itself. */
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
