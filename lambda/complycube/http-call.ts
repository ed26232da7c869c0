import * as http from 'node:http';
import * as https from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { exchange } from './http-exchange';
import { NoAnswerError } from './no-answer-error';

/** One HTTP request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: HttpBody | undefined;
  /** Aborting it destroys request and connection at once. */
  readonly signal: AbortSignal;
  /** Called once or more, when the connection exists and the start of the request is handed to it. */
  readonly onSent?: (() => void) | undefined;
}

/** The body of a request. Its length is known before its bytes are. */
export interface HttpBody {
  readonly bytes: number;
  /** Resolves when the first chunk is available. @throws what {@link chunks} would throw. */
  ready(): Promise<void>;
  /** The body from its start. Ending early gives up the request. A chunk is valid until the next one is asked for. */
  chunks(): AsyncIterable<Buffer>;
}

/** How long to wait, and how much to read. */
export interface HttpLimits {
  /** Until the connection exists, TLS handshake included. */
  readonly connectTimeoutMs: number;
  /** For the whole call, from its start to the last byte of the answer. */
  readonly callTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** An answer with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Empty if it is the body of an error and larger than allowed. */
  readonly body: Buffer;
}

/** Sends requests over keep-alive connections. Never follows a redirect, never sends anything twice. */
export class HttpCaller {
  private agent: http.Agent | undefined;
  private callsInFlight = 0;
  private idleSince = 0;

  /**
   * @param read turns the answer into the result. If it throws, the answer is not trusted: its connection is closed, because
   * the next answer on it might belong to another request too.
   * @throws NoAnswerError when no complete answer came within the limits; and what `read` throws.
   */
  async call<T>(call: HttpCall, limits: HttpLimits, read: (answer: HttpAnswer) => T): Promise<T> {
    const agent = this.agentFor(call.url);
    this.callsInFlight++;
    try {
      if (Object.keys(agent.freeSockets).length > 0) await readWhatArrived();
      if (call.signal.aborted) throw new NoAnswerError('The call was aborted', true, { cause: call.signal.reason });
      return await exchange(call, agent, limits, read);
    } finally {
      this.callsInFlight--;
      this.idleSince = Date.now();
    }
  }

  /**
   * The server may close an idle connection without the function noticing, above all while the execution environment is
   * frozen. A POST on such a connection would end with its outcome unknown. So idle connections are closed in time; timers do
   * not run while frozen, so the clock is checked too.
   */
  private agentFor(url: URL): http.Agent {
    if (this.callsInFlight === 0 && Date.now() - this.idleSince > maxIdleMs) {
      this.agent?.destroy();
      this.agent = undefined;
    }
    const options = { keepAlive: true, timeout: maxIdleMs };
    this.agent ??= url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
    return this.agent;
  }
}

/** Below the five seconds for which Node's own servers, and the shortest of the usual proxies, keep a connection. */
const maxIdleMs = 3_000;

/**
 * Lets the event loop poll once, so that bytes and closures that have already arrived on idle connections are noticed before
 * one of these connections is reused. One turn is not enough: called from I/O, the first one comes before the next poll.
 */
async function readWhatArrived(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
