import * as http from 'node:http';
import * as https from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { type HttpAnswer, NoAnswerError } from './http-answer';
import { exchange, type HttpCall, type HttpLimits } from './http-exchange';

/** Sends requests over keep-alive connections. Does not follow redirects and never repeats a request. */
export class HttpCaller {
  private agent: http.Agent | undefined;
  private callsInFlight = 0;
  private idleSince = 0;

  /**
   * @param read turns the answer into the result. If it throws, the connection is closed, because later answers on it may also
   * belong to other requests.
   * @throws NoAnswerError when there was no complete answer within the limits; and the errors of `read`.
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
   * The server may close an idle connection while the execution environment is frozen. A POST on such a connection would have an
   * unknown outcome. So idle connections are closed early. Timers do not run while frozen, so the clock is checked as well.
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

/** Node's servers and common proxies keep idle connections for five seconds or longer. */
const maxIdleMs = 3_000;

/**
 * Lets the event loop poll once, so that bytes or closures that have arrived on idle connections are processed before one of these
 * connections is reused. One `setImmediate` is not enough: after I/O callbacks, it runs before the next poll.
 */
async function readWhatArrived(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
