import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { carryOut, type CallRequest } from './account';
import { adminPath, answerAdmin } from './admin';
import { refusalAnswer } from './answer';
import { notImplemented, usualError } from './api-error';
import { matchCall, type Call } from './calls';
import { deliver, sendExtraAnswer, type Delivery } from './delivery';
import { deliveryOf, type CarryOut } from './fault-table';
import { isRecord, readJsonBody } from './json-body';
import { waitLatency } from './latency';
import { factsOf, type Stand } from './stand';

/** Room for the largest photo in base64, 5,592,408 characters, and what is around it. */
const defaultMaxBodyBytes = 6 * 1024 * 1024;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: URLSearchParams;
  /** `undefined`: the stand-in has no such call. */
  call: Call | undefined;
}

/** Makes what answers the requests to one stand-in. */
export function listenFor(stand: Stand): RequestListener {
  return (request, response) => {
    sendExtraAnswer(request.socket);
    response.setHeader('x-request-id', randomUUID());
    const [path = '', query] = (request.url ?? '').split('?', 2);
    const call = matchCall(request.method ?? '', path);
    const exchange = { request, response, path, query: new URLSearchParams(query), call };
    const answering = path.startsWith(adminPath) ? direct(stand, exchange) : answerCall(stand, exchange);
    answering.catch((error: unknown) => {
      response.destroy();
      // A caller that closed its connection is no fault of the stand-in's.
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
  // A refusal waits for the whole request: callers that send everything before they read would only see a broken connection.
  await finished(request.resume());
  const isAnswered = 'answer' in delivery && !response.destroyed;
  // Counted before it is sent, so that a caller that has the answer finds it in the statistics.
  stand.counters.countAnswer(call?.name ?? 'other', isAnswered ? delivery.answer.status : 'no answer');
  await deliver(response, delivery);
}

/**
 * Checks the key, the rate limit and the call, in this order. A fault happens only where the call itself would.
 * @throws ApiError when one of the checks fails.
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
  const storing: Promise<void>[] = [];
  const onStored: CallRequest['onStored'] = (livePhoto) => {
    storing.push(Promise.resolve(options.onLivePhoto?.(factsOf(livePhoto, environment))));
  };
  const answer: CarryOut = (more) => carryOut(account, { ...call, query, body, onStored, ...more });
  const fault = faults.take({ call: call.name, id: call.id, clientId: clientIdOf(query, body) });
  if (fault !== undefined) counters.countFault(fault.fault);
  const delivery: Delivery = fault === undefined ? { way: 'whole', answer: answer() } : deliveryOf(fault, answer);
  await Promise.all(storing);
  await waitLatency(options.latencyMs ?? 0, random);
  return delivery;
}

function clientIdOf(query: URLSearchParams, body: unknown): string | undefined {
  const clientId = isRecord(body) ? body['clientId'] : query.get('clientId');
  return typeof clientId === 'string' ? clientId : undefined;
}
