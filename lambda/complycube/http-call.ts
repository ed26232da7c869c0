import * as http from 'node:http';
import * as https from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { type HttpAnswer, NoAnswerError } from './http-answer';
import { exchange, type HttpCall, type HttpLimits } from './http-exchange';

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
