import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** An answer with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty for an error whose body is too large. */
  readonly body: Buffer;
}

/** There was no complete answer, or it can't belong to the request. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  /** @param isSurelyUnsent the server certainly did not receive the whole request: no connection, or an incomplete body. */
  constructor(
    message: string,
    readonly isSurelyUnsent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether a status is neither interim nor a success. */
export function isErrorStatus(status = 0): boolean {
  return status >= 300;
}

/** How receiving an answer ends. */
export interface ReceivingEvents {
  /** @param isComplete whether the answer was read to its end. */
  readonly onAnswer: (answer: HttpAnswer, isComplete: boolean) => void;
  readonly onFailure: (message: string, cause?: unknown) => void;
}

/** Reads an answer. If an error's body is too large, only the status is kept. */
export function receiveAnswer(
  response: IncomingMessage,
  maxBytes: number,
  { onAnswer, onFailure }: ReceivingEvents,
): void {
  const { statusCode: status = 0, headers } = response;
  const withoutBody = { status, headers, body: Buffer.alloc(0) };
  if (status < 200) {
    onFailure('The server switched protocols');
    return;
  }
  if (status === 205) {
    onAnswer(withoutBody, false); // 205 has no body (RFC 9110, section 15.3.6), but Node waits for one
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (isErrorStatus(status)) onAnswer(withoutBody, false);
    else onFailure(`The answer is larger than ${maxBytes} bytes`);
  });
  response.on('error', (cause) => {
    onFailure('The connection broke within the answer', cause);
  });
  response.on('end', () => {
    onAnswer({ status, headers, body: Buffer.concat(chunks, bytes) }, true);
  });
}
