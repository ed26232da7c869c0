import * as http from 'node:http';
import * as https from 'node:https';

/** One HTTP request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: HttpBody | undefined;
  /** Told when the connection stands and the request's start is handed to it, once or more. */
  readonly onSent?: (() => void) | undefined;
}

/** A request's body: its length is known before its bytes are. */
export interface HttpBody {
  readonly bytes: number;
  /** The body from its start; ending early gives the request up. Each chunk is good until the next one is asked for. */
  chunks(): AsyncIterable<Buffer>;
}

/** How long to wait, and how much to read. */
export interface HttpLimits {
  /** Until the connection stands, TLS included. */
  readonly connectTimeoutMs: number;
  /** For the whole call, from its start to the answer's last byte. */
  readonly callTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No whole answer came. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  /** @param isSurelyUnsent the server can't have seen the whole request: the connection never stood, or its body never ended. */
  constructor(
    message: string,
    readonly isSurelyUnsent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Sends requests over kept-alive connections; never follows a redirect, never sends anything twice. */
export class HttpCaller {
  private agent: http.Agent | undefined;
  private callsUnderWay = 0;
  private idleSince = 0;

  /** @throws NoAnswerError when no whole answer within the limits came. */
  async call(call: HttpCall, limits: HttpLimits): Promise<HttpAnswer> {
    const agent = this.agentFor(call.url);
    this.callsUnderWay++;
    try {
      return await exchange(call, agent, limits);
    } finally {
      this.callsUnderWay--;
      this.idleSince = Date.now();
    }
  }

  /**
   * A connection that stood idle may be closed at the far end without this end knowing, above all after the execution
   * environment was frozen; a POST on it would end with its outcome unknown. So idle connections are left in time.
   */
  private agentFor(url: URL): http.Agent {
    if (this.callsUnderWay === 0 && Date.now() - this.idleSince > maxIdleMs) {
      this.agent?.destroy();
      this.agent = undefined;
    }
    this.agent ??=
      url.protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
    return this.agent;
  }
}

/** Below the five seconds that Node's own servers, and the shortest of the usual proxies, keep a connection. */
const maxIdleMs = 3_000;

function exchange(call: HttpCall, agent: http.Agent, limits: HttpLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const isSecure = call.url.protocol === 'https:';
    const { method, headers } = call;
    const request = (isSecure ? https : http).request(call.url, { method, headers, agent });
    let isConnected = false;
    let isSending = false;
    let isWhole = false;
    let isSettled = false;

    const fail = (message: string, cause?: unknown): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(connectTimer);
      clearTimeout(callTimer);
      request.destroy();
      reject(new NoAnswerError(message, !isConnected || !isWhole, { cause }));
    };
    const connectTimer = setTimeout(() => {
      fail(`No connection within ${limits.connectTimeoutMs} ms`);
    }, limits.connectTimeoutMs);
    const callTimer = setTimeout(() => {
      fail(`No answer within ${limits.callTimeoutMs} ms`);
    }, limits.callTimeoutMs);
    const connected = (): void => {
      isConnected = true;
      clearTimeout(connectTimer);
      if (isSending) call.onSent?.();
    };

    request.on('socket', (socket) => {
      if (request.reusedSocket) connected();
      else socket.once(isSecure ? 'secureConnect' : 'connect', connected);
    });
    request.on('error', (cause) => {
      fail(isConnected ? 'The connection broke' : 'No connection', cause);
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > limits.maxAnswerBytes) fail(`The answer is larger than ${limits.maxAnswerBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', (cause) => {
        fail('The connection broke within the answer', cause);
      });
      response.on('end', () => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(callTimer);
        // An answer that came before the whole request was written leaves a connection that can't be used again.
        if (!request.writableFinished) request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, bytes) });
      });
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
    });
    sending.catch((cause: unknown) => {
      fail('The request’s body ended early', cause);
    });
  });
}

interface SendingEdges {
  readonly isNeeded: () => boolean;
  readonly onSending: () => void;
  readonly onWhole: () => void;
}

/**
 * Writes a request's body at the speed at which it is taken, and ends the request.
 * @param onSending told as bytes are handed over.
 * @param onWhole told before the last byte is handed over: from then on the server may see the whole request.
 * @throws what the body throws, or an error when it ends early.
 */
async function sendBody(
  request: http.ClientRequest,
  body: HttpBody | undefined,
  { isNeeded, onSending, onWhole }: SendingEdges,
): Promise<void> {
  if (body === undefined) {
    onSending();
    onWhole();
    request.end();
    return;
  }
  let bytes = 0;
  for await (const chunk of body.chunks()) {
    if (!isNeeded()) return;
    onSending();
    bytes += chunk.length;
    if (bytes === body.bytes) {
      onWhole();
      request.end(chunk);
      return;
    }
    await written(request, chunk);
  }
  throw new Error(`It has ${bytes} of ${body.bytes} bytes`);
}

/** Waits until the system took the chunk, or the connection is gone, which the request reports itself. */
function written(request: http.ClientRequest, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('close', done);
      resolve();
    };
    request.on('close', done);
    request.write(chunk, done);
  });
}
