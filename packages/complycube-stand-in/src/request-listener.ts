import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { adminPath, answerAdmin } from './admin';
import { documentedError, notImplemented, refusalAnswer } from './answer';
import { carryOut, matchCall, type Call, type CallRequest } from './calls';
import { deliver, sendExtraAnswer, type Delivery } from './delivery';
import { deliveryOf, type CarryOut } from './fault-table';
import { isRecord, readJsonBody } from './json-body';
import { waitLatency } from './latency';
import { factsOf } from './live-photos';
import { countAnswer, countFault, type StandInState } from './state';

/** The largest photo has 5,592,408 characters in base64. */
const maxBodyBytes = 6 * 1024 * 1024;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: URLSearchParams;
  /** Undefined: the stand-in has no such call. */
  call: Call | undefined;
}

/** Creates the listener that answers requests to a stand-in. */
export function createListener(state: StandInState): RequestListener {
  return (request, response) => {
    sendExtraAnswer(request.socket);
    response.setHeader('x-request-id', randomUUID());
    const [path = '', query] = (request.url ?? '').split('?', 2);
    const call = matchCall(request.method ?? '', path);
    const exchange = { request, response, path, query: new URLSearchParams(query), call };
    const answering = path.startsWith(adminPath) ? answerControl(state, exchange) : answerCall(state, exchange);
    answering.catch((error: unknown) => {
      response.destroy();
      // If the caller closed the connection, there is no error to report.
      if (request.complete && request.errored === null)
        process.emitWarning(error instanceof Error ? error : String(error));
    });
  };
}

async function answerControl(state: StandInState, { request, response, path }: Exchange): Promise<void> {
  const answer = await answerAdmin(state, request, path).catch(refusalAnswer);
  await deliver(response, { way: 'whole', answer });
}

async function answerCall(state: StandInState, exchange: Exchange): Promise<void> {
  const { request, response, call } = exchange;
  const delivery = await decideDelivery(state, exchange).catch((error: unknown): Delivery => ({
    way: 'whole',
    answer: refusalAnswer(error),
  }));
  request.resume();
  // A caller that sends everything before it reads would otherwise see a broken connection.
  if (state.options.answersEarly !== true) await finished(request);
  const isAnswered = 'answer' in delivery && !response.destroyed;
  // Count before sending: a caller that has the response finds it in the statistics.
  countAnswer(state, call?.name ?? 'other', isAnswered ? delivery.answer.status : 'no answer');
  await deliver(response, delivery);
}

/**
 * Checks the key, the rate limit and the call, in this order. A refused request has no fault.
 * @throws ApiError when one of the checks fails.
 */
async function decideDelivery(
  state: StandInState,
  { request, response, path, query, call }: Exchange,
): Promise<Delivery> {
  const { keys, accounts, faults, options, random, uploadParser } = state;
  const environment = keys.environmentOf(request.headers.authorization);
  if (environment === undefined) throw documentedError(401);
  const account = accounts[environment];
  state.eventLoopDelay.enable();
  if (!account.rateLimit.accept()) {
    if (options.retryAfterSeconds !== undefined) response.setHeader('retry-after', options.retryAfterSeconds);
    throw documentedError(429);
  }
  if (call === undefined) throw notImplemented(`${request.method ?? ''} ${path}`);

  const parse =
    call.name === 'POST /livePhotos' ? (bytes: Buffer<ArrayBuffer>) => uploadParser.parse(bytes) : undefined;
  const body = request.method === 'POST' ? await readJsonBody(request, maxBodyBytes, parse) : undefined;
  const storing: Promise<void>[] = [];
  const onStored: CallRequest['onStored'] = (livePhoto) => {
    storing.push(Promise.resolve(options.onLivePhoto?.(factsOf(livePhoto, environment))));
  };
  const answer: CarryOut = (more) => carryOut(account, { ...call, query, body, onStored, ...more });
  const fault = faults.take({ call: call.name, id: call.id, clientId: clientIdOf(query, body) });
  if (fault !== undefined) countFault(state, fault.fault);
  const delivery: Delivery = fault === undefined ? { way: 'whole', answer: answer() } : deliveryOf(fault, answer);
  await Promise.all(storing);
  await waitLatency(options.latencyMs ?? 0, random);
  return delivery;
}

function clientIdOf(query: URLSearchParams, body: unknown): string | undefined {
  const clientId = isRecord(body) ? body['clientId'] : query.get('clientId');
  return typeof clientId === 'string' ? clientId : undefined;
}
