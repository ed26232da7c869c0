import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { carryOut, type CallRequest } from './account';
import { adminPath, answerAdmin } from './admin';
import { refusalAnswer } from './answer';
import { notImplemented, usualError } from './api-error';
import { matchCall, type Call } from './calls';
import { deliver, type Delivery } from './delivery';
import { deliveryOf } from './fault-delivery';
import { isRecord, readJsonBody } from './json-body';
import { waitLatency } from './latency';
import type { Stand } from './stand';

/** Room for the largest photo in base64, 5,592,408 characters, and what is around it. */
const defaultMaxBodyBytes = 6 * 1024 * 1024;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: URLSearchParams;
  /** Undefined: the stand-in has no such call. */
  call: Call | undefined;
}

/** Makes what answers the requests to one stand-in. */
export function listenFor(stand: Stand): RequestListener {
  return (request, response) => {
    response.setHeader('x-request-id', randomUUID());
    const [path = '', query] = (request.url ?? '').split('?', 2);
    const call = matchCall(request.method ?? '', path);
    const exchange = { request, response, path, query: new URLSearchParams(query), call };
    const answering = path.startsWith(adminPath) ? direct(stand, exchange) : answerCall(stand, exchange);
    answering.catch((error: unknown) => {
      response.destroy();
      // A caller that went away is no fault of the stand-in's.
      if (request.complete && request.errored === null)
        process.emitWarning(error instanceof Error ? error : String(error));
    });
  };
}

async function direct(stand: Stand, { request, response, path }: Exchange): Promise<void> {
  const answer = await answerAdmin(stand, request, path).catch(refusalAnswer);
  await deliver(response, { way: 'whole', answer });
}

async function answerCall(stand: Stand, exchange: Exchange): Promise<void> {
  const { request, response, call } = exchange;
  const delivery = await decideDelivery(stand, exchange).catch((error: unknown): Delivery => ({
    way: 'whole',
    answer: refusalAnswer(error),
  }));
  // A refusal waits for the whole request: callers that send all before they read would only see the connection break.
  await finished(request.resume());
  const isAnswered = 'answer' in delivery && !response.destroyed;
  // Counted before it is sent, so that whoever has the answer finds it in the statistics.
  stand.counters.countAnswer(call?.name ?? 'other', isAnswered ? delivery.answer.status : 'no answer');
  await deliver(response, delivery);
}

/**
 * Asks whose key it is, how often, and what for, in this order; a fault takes place only where the call itself would.
 * @throws ApiError for what is refused before that.
 */
async function decideDelivery(stand: Stand, { request, response, path, query, call }: Exchange): Promise<Delivery> {
  const { keys, accounts, faults, counters, options, random } = stand;
  const environment = keys.environmentOf(request.headers.authorization);
  if (environment === undefined) throw usualError(401);
  const account = accounts[environment];
  if (!account.rateLimit.accept()) {
    if (options.retryAfterSeconds !== undefined) response.setHeader('retry-after', options.retryAfterSeconds);
    throw usualError(429);
  }
  if (call === undefined) throw notImplemented(`${request.method ?? ''} ${path}`);

  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
  const body = request.method === 'POST' ? await readJsonBody(request, maxBodyBytes) : undefined;
  const callRequest: CallRequest = { ...call, query, body };
  const answer = () => carryOut(account, callRequest);
  const fault = faults.take({ call: call.name, id: call.id, clientId: clientIdOf(callRequest) });
  if (fault !== undefined) counters.countFault(fault.fault);
  const delivery: Delivery = fault === undefined ? { way: 'whole', answer: answer() } : deliveryOf(fault, answer);
  await waitLatency(options.latencyMs ?? 0, random);
  return delivery;
}

function clientIdOf({ query, body }: CallRequest): string | undefined {
  const clientId = isRecord(body) ? body['clientId'] : query.get('clientId');
  return typeof clientId === 'string' ? clientId : undefined;
}
