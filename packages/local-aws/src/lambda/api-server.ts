import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLargeError, listenOnLoopback, type LoopbackServer, readBody } from 'loopback-server/loopback-server';
import type { EventSource, EventSourceSettings } from './event-source';
import { InvocationError, type LocalFunction } from './execution-environment';

/** The function of the server. */
export interface ServedFunction {
  readonly function: LocalFunction;
  readonly eventSource: EventSourceSettings;
  /** The event source mapping, which can be enabled and disabled. */
  readonly mapping: Pick<EventSource, 'isEnabled' | 'enable' | 'disable'>;
  /** @throws InvocationError if the invocation fails. */
  readonly invoke: (event: unknown) => Promise<unknown>;
}

const maxEventBytes = 6 * 1024 * 1024; // Lambda's quota for a synchronous invocation

const mappingId = '00000000-0000-0000-0000-000000000000';

/** A response with a JSON body. */
interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Starts a server for the Lambda API of one function: synchronous Invoke, GetFunctionConfiguration, ListEventSourceMappings, and
 * UpdateEventSourceMapping for its state, which changes at once. Any other operation fails with NotImplemented. Signatures are not checked. Source: Lambda API reference.
 */
export function startLambdaApi(served: ServedFunction): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => void respond(request, response, served));
}

async function respond(request: IncomingMessage, response: ServerResponse, served: ServedFunction): Promise<void> {
  const { status, headers, body } = await answer(request, served).catch((error: unknown) =>
    error instanceof BodyTooLargeError
      ? refusal(413, 'RequestTooLargeException', error.message)
      : refusal(500, 'ServiceException', String(error)),
  );
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body ?? null));
}

async function answer(request: IncomingMessage, served: ServedFunction): Promise<ApiAnswer> {
  const { method = '', url = '' } = request;
  const [pathname = '', query] = url.split('?', 2);
  const searchParams = new URLSearchParams(query);
  const body = await readBody(request, maxEventBytes);
  const [, name = '', action = ''] =
    /^\/2015-03-31\/functions\/([^/]+)\/(invocations|configuration)$/.exec(pathname) ?? [];
  const requested = name === '' ? (searchParams.get('FunctionName') ?? '') : decodeURIComponent(name);
  const operation = `${method} ${action === '' ? pathname : action}`;
  const isKnown = requested === served.function.name;
  switch (operation) {
    case 'POST invocations': {
      const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
      if (type !== 'RequestResponse') return notImplemented(`Invoke of type ${String(type)}`);
      return isKnown ? invoke(body, served) : notFound(requested);
    }
    case 'GET configuration':
      return isKnown ? { status: 200, body: configurationOf(served.function) } : notFound(requested);
    case 'GET /2015-03-31/event-source-mappings':
    case 'GET /2015-03-31/event-source-mappings/':
      return { status: 200, body: { EventSourceMappings: isKnown ? [mappingOf(served)] : [] } };
    case `PUT /2015-03-31/event-source-mappings/${mappingId}`:
      return updateMapping(body, served);
    default:
      return notImplemented(`${method} ${pathname}`);
  }
}

async function invoke(body: Buffer, served: ServedFunction): Promise<ApiAnswer> {
  let event: unknown;
  try {
    event = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    return refusal(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
  try {
    return { status: 200, body: await served.invoke(event) };
  } catch (error) {
    if (!(error instanceof InvocationError)) throw error;
    // If the function fails, Invoke itself still succeeds.
    const headers = { 'x-amz-function-error': 'Unhandled' };
    return { status: 200, headers, body: { errorType: error.name, errorMessage: error.message } };
  }
}

function updateMapping(body: Buffer, served: ServedFunction): ApiAnswer {
  const { Enabled, ...others } = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined || typeof Enabled !== 'boolean') {
    return notImplemented(`UpdateEventSourceMapping with ${other ?? 'no state'}`);
  }
  if (Enabled) served.mapping.enable();
  // Lambda does not wait for running invocations either.
  else void served.mapping.disable();
  return { status: 202, body: mappingOf(served) };
}

function configurationOf({ name, handler, memoryMb, timeoutMs, variables }: LocalFunction): object {
  // Lambda sets these variables itself and does not show them. They contain the function's credentials.
  const settings = Object.entries(variables).filter(([variable]) => !variable.startsWith('AWS_'));
  return {
    FunctionName: name,
    Handler: handler,
    MemorySize: memoryMb,
    Timeout: timeoutMs / 1000,
    Environment: { Variables: Object.fromEntries(settings) },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

function mappingOf({
  function: { name },
  eventSource: { queueArn, batchSize, maxConcurrency },
  mapping,
}: ServedFunction): object {
  return {
    UUID: mappingId,
    EventSourceArn: queueArn,
    FunctionArn: name,
    State: mapping.isEnabled ? 'Enabled' : 'Disabled',
    BatchSize: batchSize,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: maxConcurrency },
  };
}

function notFound(name: string): ApiAnswer {
  return refusal(404, 'ResourceNotFoundException', `Function not found: ${name}`);
}

function notImplemented(what: string): ApiAnswer {
  return refusal(501, 'NotImplemented', `The local Lambda does not support ${what}`);
}

function refusal(status: number, type: string, message: string): ApiAnswer {
  return { status, headers: { 'x-amzn-errortype': type }, body: { Type: 'User', Message: message } };
}
