import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { sendBody } from './http-body';
import type { HttpAnswer, HttpCall, HttpLimits } from './http-call';
import { NoAnswerError } from './no-answer-error';

/** More interim answers (1xx) than any server needs: none was asked for. */
const maxInterimAnswers = 32;

/**
 * Sends one request and reads its answer.
 *
 * The connection is kept for the next call only if this answer was read to its end, is trusted, and the whole request was
 * written. While it is idle, any byte that arrives on it closes it: such a byte would be taken for the next answer.
 * @throws NoAnswerError, and what `read` throws.
 */
export function exchange<T>(
  call: HttpCall,
  agent: http.Agent,
  limits: HttpLimits,
  read: (answer: HttpAnswer) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const isSecure = call.url.protocol === 'https:';
    const { method, headers, signal } = call;
    const request = (isSecure ? https : http).request(call.url, { method, headers, agent });
    let socket: Socket | undefined;
    let isConnected = false;
    let isSending = false;
    let isWhole = false;
    let isWritten = false;
    let hasAnswer = false;
    let isSettled = false;

    const settle = (): boolean => {
      if (isSettled) return false;
      isSettled = true;
      clearTimeout(connectTimer);
      clearTimeout(callTimer);
      signal.removeEventListener('abort', abort);
      return true;
    };
    const fail = (message: string, cause?: unknown, isSurelyUnsent = !isConnected || !isWhole): void => {
      if (!settle()) return;
      request.destroy();
      reject(new NoAnswerError(message, isSurelyUnsent, { cause }));
    };
    const finish = (answer: HttpAnswer, isReusable: boolean): void => {
      if (!settle()) return;
      try {
        const result = read(answer);
        if (isReusable) closeOnSurplus(socket);
        else socket?.destroy();
        resolve(result);
      } catch (error) {
        const untrusted = error as Error;
        socket?.destroy(); // not `request.destroy()`, which does nothing once the answer has ended
        reject(untrusted);
      }
    };
    const abort = (): void => {
      fail('The call was aborted', signal.reason);
    };
    signal.addEventListener('abort', abort);
    const connectTimer = setTimeout(() => {
      fail(`No connection within ${limits.connectTimeoutMs} ms`);
    }, limits.connectTimeoutMs);
    const callTimer = setTimeout(() => {
      fail(`No complete answer within ${limits.callTimeoutMs} ms`);
    }, limits.callTimeoutMs);
    const connected = (): void => {
      isConnected = true;
      clearTimeout(connectTimer);
      if (isSending) call.onSent?.();
    };

    request.on('socket', (assigned) => {
      socket = assigned;
      if (request.reusedSocket) {
        allowData(assigned);
        connected();
      } else assigned.once(isSecure ? 'secureConnect' : 'connect', connected);
    });
    request.on('error', (cause) => {
      fail(isConnected ? 'The connection broke' : 'No connection', cause);
    });
    let interimAnswers = 0;
    request.on('information', () => {
      if (++interimAnswers > maxInterimAnswers) fail('The server sends interim answers without end');
    });
    request.on('upgrade', (_response, upgraded) => {
      upgraded.destroy();
      fail('The server switched protocols');
    });
    request.on('close', () => {
      if (!hasAnswer) fail('The connection closed');
    });
    request.on('response', (response) => {
      hasAnswer = true;
      const isError = isErrorStatus(response.statusCode);
      if (!isWhole && (!isError || request.reusedSocket)) {
        // On a new connection, an early error is about this request; on a reused one, it may be about the previous request.
        fail('The answer came before the request was sent', undefined, isError);
      } else {
        receive(response, limits.maxAnswerBytes, {
          onAnswer: (answer, isComplete) => {
            finish(answer, isComplete && isWritten);
          },
          onFailure: fail,
        });
      }
    });
    const sending = sendBody(request, call.body, {
      isNeeded: () => !isSettled,
      onSending: () => {
        isSending = true;
        if (isConnected) call.onSent?.();
      },
      onWhole: () => {
        isWhole = true;
      },
      onWritten: () => {
        isWritten = true;
      },
    });
    sending.catch((cause: unknown) => {
      fail('The request’s body ended early', cause);
    });
  });
}

function isErrorStatus(status = 0): boolean {
  return status >= 300;
}

interface ReceivingEvents {
  /** @param isComplete whether nothing of the answer is left on the connection. */
  readonly onAnswer: (answer: HttpAnswer, isComplete: boolean) => void;
  readonly onFailure: (message: string, cause?: unknown) => void;
}

/** Reads an answer. Of an error that is too large, the status counts and its body is left out. */
function receive(response: http.IncomingMessage, maxBytes: number, { onAnswer, onFailure }: ReceivingEvents): void {
  const { statusCode: status = 0, headers } = response;
  const withoutBody = { status, headers, body: Buffer.alloc(0) };
  if (status < 200) {
    onFailure('The server switched protocols');
    return;
  }
  if (status === 205) {
    onAnswer(withoutBody, false); // has no body (RFC 9110, section 15.3.6), but Node waits for one
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

/** Closes the connection if anything arrives on it. Before its answer has ended, HTTP's parser does the same. */
function closeOnSurplus(socket: Socket | undefined): void {
  socket?.on('data', close).on('end', close);
}

/** Ends the watch of {@link closeOnSurplus}: the next request has begun. */
function allowData(socket: Socket): void {
  socket.off('data', close).off('end', close);
}

function close(this: Socket): void {
  this.destroy();
  this.emit('agentRemove'); // at once; the agent would learn of it a turn of the event loop later
}
