import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsJsonError } from './aws-json-error';
import { AwsJsonInput } from './aws-json-input';
import { BodyTooLargeError, listenOnLoopback, readBody, type LoopbackServer } from './loopback-server';

/**
 * Carries out one operation and returns its output structure; members that are undefined are left out.
 * @param signal aborts when the caller has gone, so that a long poll takes no message for nobody.
 * @throws AwsJsonError what the caller is answered.
 */
export type AwsJsonOperation = (input: AwsJsonInput, signal: AbortSignal) => object | Promise<object>;

/** Answers an error in place of an operation; undefined lets the operation run. */
export type AwsJsonFault = (operation: string) => AwsJsonError | undefined;

/** What one service says in an AWS JSON protocol. */
export interface AwsJsonApi {
  /** What stands before the operation in `X-Amz-Target`, such as `AmazonSQS`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** What stands before an error's name in `__type`, such as `com.amazonaws.sqs#`. */
  readonly errorNamespace: string;
  readonly maxBodyBytes: number;
  readonly operations: Readonly<Record<string, AwsJsonOperation>>;
  readonly fault?: AwsJsonFault | undefined;
}

/** A running local server that speaks an AWS JSON protocol. */
export interface AwsJsonServer extends LoopbackServer {
  /** How often `operation` was called so far, calls answered with an error included. */
  callCount(operation: string): number;
}

/**
 * Serves an API in an AWS JSON protocol: POST /, the operation in `X-Amz-Target`, JSON both ways.
 * Signatures are not checked. An operation that the API lacks answers 501 `NotImplemented` naming it.
 * Source: the specifications of AWS JSON 1.0 and 1.1, and the query-compatible trait, at smithy.io.
 * @param port 0 takes any free port.
 */
export async function startAwsJsonServer(api: AwsJsonApi, port: number): Promise<AwsJsonServer> {
  const calls = new Map<string, number>();
  const operations = new Map(Object.entries(api.operations));

  async function run(request: IncomingMessage, signal: AbortSignal): Promise<object> {
    const name = operationName(request, api.target);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const body = await readBody(request, api.maxBodyBytes);
    const operation = operations.get(name);
    if (operation === undefined) throw notImplemented(`The local server has no operation ${name}`);
    const fault = api.fault?.(name);
    if (fault !== undefined) throw fault;
    return operation(AwsJsonInput.parse(body.toString('utf8')), signal);
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    response.setHeader('content-type', `application/x-amz-json-${api.version}`);
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      response.end(JSON.stringify(await run(request, gone.signal)));
    } catch (thrown) {
      sendError(response, asAwsJsonError(thrown), api.errorNamespace);
    }
  }

  const server = await listenOnLoopback((request, response) => void respond(request, response), port);
  return { ...server, callCount: (operation) => calls.get(operation) ?? 0 };
}

function operationName(request: IncomingMessage, target: string): string {
  const header = request.headers['x-amz-target'];
  if (typeof header === 'string' && header.startsWith(`${target}.`)) return header.slice(target.length + 1);
  throw notImplemented(`The local server answers only requests whose X-Amz-Target starts with ${target}.`);
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
  // A mistake in the local server itself: the caller is told, since nothing is logged.
  return new AwsJsonError('InternalFailure', String(thrown), { status: 500 });
}

const notImplemented = (message: string) => new AwsJsonError('NotImplemented', message, { status: 501 });
