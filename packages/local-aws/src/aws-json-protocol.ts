import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsJsonError } from './aws-json-error';
import { AwsJsonInput } from './aws-json-input';
import { BodyTooLargeError, listenOnLoopback, readBody, type LoopbackServer } from 'loopback-server/loopback-server';

/**
 * Runs one operation and returns its output structure. Undefined members are omitted from the response.
 * @param signal aborts when the caller disconnects, so that a long poll receives no message for a caller that is gone.
 * @param accessKeyId the caller's, from the signature, which is not checked. Undefined if the request is not signed.
 * @throws AwsJsonError the error response.
 */
export type AwsJsonOperation = (
  input: AwsJsonInput,
  signal: AbortSignal,
  accessKeyId: string | undefined,
) => object | Promise<object>;

/** Returns what replaces the response: an error, no response, or a reset connection. `undefined`: no fault. */
export type AwsJsonFault = (operation: string) => AwsJsonError | 'hang' | 'reset' | undefined;

/** Faults of a server. Default: none. */
export interface AwsJsonFaults {
  /** Called before each operation. If it returns a fault, the operation does not run. */
  readonly fault?: AwsJsonFault | undefined;
  /** Called after each successful operation. The fault replaces the response; the operation has taken effect. */
  readonly faultAfter?: AwsJsonFault | undefined;
}

/** A service in an AWS JSON protocol. */
export interface AwsJsonApi extends AwsJsonFaults {
  /** The prefix of operations in `X-Amz-Target`, such as `AmazonSQS`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** The prefix of an error's name in `__type`, such as `com.amazonaws.sqs#`. */
  readonly errorNamespace: string;
  readonly maxBodyBytes: number;
  readonly operations: Readonly<Record<string, AwsJsonOperation>>;
}

/** A running local server of an AWS JSON protocol. */
export interface AwsJsonServer extends LoopbackServer {
  /** Number of calls of `operation` so far, including failed calls. */
  callCount(operation: string): number;
}

/**
 * Serves an API in an AWS JSON protocol: POST /, the operation in `X-Amz-Target`, JSON in both directions.
 * Signatures are not checked. For an unknown operation the response is 501 `NotImplemented` with its name.
 * Source: the specifications of AWS JSON 1.0 and 1.1, and the query-compatible trait, at smithy.io.
 */
export async function startAwsJsonServer(api: AwsJsonApi): Promise<AwsJsonServer> {
  const calls = new Map<string, number>();
  const operations = new Map(Object.entries(api.operations));

  async function run(request: IncomingMessage, signal: AbortSignal): Promise<object | 'hang' | 'reset'> {
    const name = operationName(request, api.target);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const body = await readBody(request, api.maxBodyBytes);
    const operation = operations.get(name);
    if (operation === undefined) throw notImplemented(`The local server has no operation ${name}`);
    const fault = api.fault?.(name);
    if (fault instanceof AwsJsonError) throw fault;
    if (fault !== undefined) return fault;
    const [, accessKeyId] = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const output = await operation(AwsJsonInput.parse(body.toString('utf8')), signal, accessKeyId);
    const faultAfter = api.faultAfter?.(name);
    if (faultAfter instanceof AwsJsonError) throw faultAfter;
    return faultAfter ?? output;
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const disconnected = new AbortController();
    response.once('close', () => {
      disconnected.abort();
    });
    response.setHeader('content-type', `application/x-amz-json-${api.version}`);
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      const output = await run(request, disconnected.signal);
      if (output === 'reset') response.socket?.resetAndDestroy();
      else if (output !== 'hang') response.end(JSON.stringify(output));
    } catch (thrown) {
      sendError(response, asAwsJsonError(thrown), api.errorNamespace);
    }
  }

  const server = await listenOnLoopback((request, response) => void respond(request, response));
  return { ...server, callCount: (operation) => calls.get(operation) ?? 0 };
}

function operationName(request: IncomingMessage, target: string): string {
  const header = request.headers['x-amz-target'];
  if (typeof header === 'string' && header.startsWith(`${target}.`)) return header.slice(target.length + 1);
  throw notImplemented(`The local server accepts only an X-Amz-Target that starts with ${target}.`);
}

function sendError(response: ServerResponse, error: AwsJsonError, namespace: string): void {
  response.statusCode = error.status;
  response.setHeader('x-amzn-errortype', error.type);
  if (error.queryCode !== undefined) {
    response.setHeader('x-amzn-query-error', `${error.queryCode};${error.isSenderFault ? 'Sender' : 'Receiver'}`);
  }
  response.end(JSON.stringify({ __type: `${namespace}${error.type}`, message: error.message }));
}

function asAwsJsonError(thrown: unknown): AwsJsonError {
  if (thrown instanceof AwsJsonError) return thrown;
  if (thrown instanceof BodyTooLargeError)
    return new AwsJsonError('RequestEntityTooLarge', thrown.message, { status: 413 });
  // A defect of the local server. The caller gets the message, because nothing is logged.
  return new AwsJsonError('InternalFailure', String(thrown), { status: 500 });
}

const notImplemented = (message: string) => new AwsJsonError('NotImplemented', message, { status: 501 });
