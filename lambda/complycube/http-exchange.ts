import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { type HttpAnswer, isErrorStatus, NoAnswerError, receiveAnswer } from './http-answer';
import { type HttpBody, sendBody } from './http-body';

/** One HTTP request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: HttpBody | undefined;
  /** Aborting it destroys the request and its connection at once. */
  readonly signal: AbortSignal;
  /** Called at least once, when the connection exists and the start of the request is written to it. */
  readonly onSent?: (() => void) | undefined;
}

/** Limits of a call. */
export interface HttpLimits {
  /** Until the connection exists, including the TLS handshake. */
  readonly connectTimeoutMs: number;
  /** For the whole call, until the last byte of the answer. */
  readonly callTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** Interim answers (1xx) to tolerate. The function requests none. */
const maxInterimAnswers = 32;

/** These are about the account, whichever of its requests they answer. A gateway may answer so before it reads the body. */
const accountStatuses: readonly number[] = [401, 402, 403, 429];

/**
 * Sends one request and reads its answer.
 *
 * The connection is kept for the next call only if the answer was read to its end and is trusted, and the whole request was
 * written. If a byte arrives while the connection is idle, it is closed. Otherwise that byte would count as the next answer.
 * @throws NoAnswerError, and the errors of `read`.
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
      if (++interimAnswers > maxInterimAnswers) fail('The server sends too many interim answers');
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
      const { statusCode: status = 0, headers: answerHeaders } = response;
      const isError = isErrorStatus(status);
      // An early error on a new connection belongs to this request. On a reused one, it may belong to the previous request.
      if (isWhole || (isError && !request.reusedSocket)) {
        receiveAnswer(response, limits.maxAnswerBytes, {
          onAnswer: (answer, isComplete) => {
            finish(answer, isComplete && isWritten);
          },
          onFailure: fail,
        });
      } else if (accountStatuses.includes(status)) {
        // The body is not awaited: meanwhile the request would be completed, although the answer may not be about it.
        finish({ status, headers: answerHeaders, body: Buffer.alloc(0) }, false);
      } else fail('The answer came before the request was sent', undefined, isError);
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

/** Closes the connection if anything arrives on it. Before its answer has ended, HTTP's parser does the same. */
function closeOnSurplus(socket: Socket | undefined): void {
  socket?.on('data', close).on('end', close);
}

/** Undoes {@link closeOnSurplus} when the next request begins. */
function allowData(socket: Socket): void {
  socket.off('data', close).off('end', close);
}

function close(this: Socket): void {
  this.destroy();
  this.emit('agentRemove'); // otherwise the agent would notice only in the next turn of the event loop
}
