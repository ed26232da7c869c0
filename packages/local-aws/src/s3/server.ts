import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLargeError, listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';
import { Buckets, type CorsRule } from './buckets/bucket';
import type { S3Answer, S3Call } from './call';
import { corsHeaders } from './buckets/cors';
import { S3Error } from './errors';
import { deliverFault, type S3BodyFaultName, type S3Fault, type S3FaultAfter, type S3FaultName } from './faults';
import { describeCall, existingTags, type FaultableCall } from './faultable-call';
import { type EventDelivery, Notifier, type QueueNotification } from './events/notifier';
import type { S3Context } from './operation';
import type { AccessKey } from './requests/post-signature';
import { isChecksumHeader } from './requests/checksums';
import { readRequestBody } from './requests/request-body';
import { parseRequestTarget } from './requests/request-target';
import { refuseUnsupportedHeaders, refuseUnsupportedQuery } from './requests/unsupported';
import { findRoute } from './routing';
import { renderError } from './requests/xml';

/** Options of the local S3. */
export interface LocalS3Options extends Omit<EventDelivery, 'reportError'> {
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** The account that owns every bucket, 12 digits. Default: `000000000000`. */
  readonly accountId?: string;
  /** The access key that signs forms. Default: none, so every form is refused. */
  readonly accessKey?: AccessKey;
  /** Called before each request. If it returns a fault, the request has no effect. */
  readonly fault?: (call: FaultableCall, existingTags: () => ReadonlyMap<string, string>) => S3Fault | undefined;
  /** Called after each successful request. The fault replaces or changes the response; the request has taken effect. */
  readonly faultAfter?: (call: FaultableCall) => S3FaultAfter | undefined;
  /** Whether to ignore a request's `If-Match` and `If-None-Match`, like a store without conditional requests. */
  readonly ignoresConditions?: (call: FaultableCall) => boolean;
  /** Called with undelivered events and with the server's own errors. Default: standard error. */
  readonly reportError?: EventDelivery['reportError'];
}

/** How to create a bucket. */
interface BucketSettings {
  readonly isVersioned?: boolean;
  /** Queues for object-created events. Each receives `s3:TestEvent` at once. */
  readonly notifications?: readonly QueueNotification[];
  /** Which pages may call the bucket. Default: none. */
  readonly cors?: readonly CorsRule[];
}

/** A running local S3. */
export interface LocalS3 extends LoopbackServer {
  /**
   * Creates a bucket.
   * @throws S3Error BucketAlreadyOwnedByYou or InvalidBucketName; an error of `sendToQueue` for the test event.
   */
  createBucket(name: string, settings?: BucketSettings): Promise<void>;
  /** Stops the server and waits until all events are delivered. */
  close(): Promise<void>;
}

/**
 * Starts an S3 server with its buckets in memory, for path-style requests: `http://127.0.0.1:PORT/bucket/key`.
 * Unsupported operations, headers and query parameters fail with NotImplemented and their name.
 * There are no IAM policies, and only the signatures of forms are verified: every caller has full access.
 */
export async function startS3(options: LocalS3Options = {}): Promise<LocalS3> {
  const { region = 'us-east-1', accountId = '000000000000', reportError = reportToStandardError } = options;
  const s3: S3Context = {
    region,
    accessKey: options.accessKey,
    ownerId: createHash('sha256').update(accountId).digest('hex'),
    buckets: new Buckets(),
    notifier: new Notifier({ region, accountId }, { ...options, reportError }),
  };

  async function answer(call: S3Call): Promise<Answered> {
    const route = findRoute(call);
    const faultable = describeCall(call, route.operation);
    const fault = options.fault?.(faultable, () => existingTags(call, s3));
    if (fault instanceof S3Error) throw fault;
    if (fault !== undefined) return { answer: undefined, fault };
    if (route.handle === undefined) {
      throw new S3Error('NotImplemented', { message: `${route.operation} is not implemented` });
    }
    if ((call.headers.get('x-amz-expected-bucket-owner') ?? accountId) !== accountId) throw new S3Error('AccessDenied');
    refuseUnsupportedHeaders(call.headers);
    refuseUnsupportedQuery(call);
    const isUnconditional = options.ignoresConditions?.(faultable) === true;
    const answered = await route.handle(isUnconditional ? withoutConditions(call) : call, s3);
    const faultAfter = options.faultAfter?.(faultable);
    if (faultAfter instanceof S3Error) throw faultAfter;
    return { answer: answered, fault: faultAfter };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ids = newRequestIds();
    const sendWhole = (answer: S3Answer): void => {
      send(request, response, ids, answer);
    };
    try {
      const call = parseCall(request, ids);
      // Set first, so that a page can also read errors.
      const allowed = corsHeaders(call, s3, call.method);
      response.setHeaders(new Map(Object.entries(allowed)));
      // S3 executes such a request, and the browser only hides the response. Here, no signature protects the bucket.
      const isFromPage = call.headers.has('origin') && call.method !== 'OPTIONS';
      if (isFromPage && allowed['access-control-allow-origin'] === undefined) throw new S3Error('AccessForbidden');
      const { answer: answered, fault } = await answer(call);
      if (fault !== undefined) await deliverFault(response, fault, { answer: answered, send: sendWhole });
      else if (answered !== undefined) sendWhole(answered);
    } catch (error) {
      // The client closed the connection.
      if (response.destroyed) return;
      const s3Error = toS3Error(error);
      // An injected InternalError is not an error of this server.
      if (s3Error.code === 'InternalError' && s3Error !== error) reportError('S3 failed', error);
      sendWhole(errorAnswer(s3Error, ids));
    }
  }

  // The CORS rules of the bucket decide about pages.
  const server = await listenOnLoopback(
    (request, response) => void serve(request, response),
    0,
    () => true,
  );
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await s3.notifier.settled();
    },
    createBucket: async (name, settings = {}) => {
      const { isVersioned = false, notifications = [], cors = [] } = settings;
      const bucket = s3.buckets.create({ name, isVersioned, corsRules: cors });
      await s3.notifier.configure(bucket, notifications, newRequestIds());
    },
  };
}

/** The response, undefined if the request had no effect, and its fault. */
interface Answered {
  readonly answer: S3Answer | undefined;
  readonly fault: S3FaultName | S3BodyFaultName | undefined;
}

type RequestIds = Pick<S3Call, 'requestId' | 'hostId'>;

function newRequestIds(): RequestIds {
  return { requestId: randomBytes(8).toString('hex').toUpperCase(), hostId: randomBytes(48).toString('base64') };
}

function parseCall(request: IncomingMessage, ids: RequestIds): S3Call {
  const target = parseRequestTarget(request.url ?? '');
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  // The query of a presigned URL may contain x-amz-… headers. The JavaScript SDK adds the checksum of an empty body, because it
  // does not know the body when it signs. S3 does not compare it with the body.
  const hoisted = target.query.has('X-Amz-Signature') ? target.query : [];
  for (const [name, value] of hoisted) {
    if (/^x-amz-/i.test(name) && !isChecksumHeader(name.toLowerCase())) headers.set(name.toLowerCase(), value);
  }
  return {
    ...target,
    ...ids,
    method: request.method ?? '',
    headers,
    sourceIpAddress: request.socket.remoteAddress ?? '',
    readBody: () => readRequestBody(request, headers),
  };
}

function withoutConditions(call: S3Call): S3Call {
  const isKept = (name: string): boolean => name !== 'if-match' && name !== 'if-none-match';
  return { ...call, headers: new Map([...call.headers].filter(([name]) => isKept(name))) };
}

function send(request: IncomingMessage, response: ServerResponse, ids: RequestIds, answer: S3Answer): void {
  const { status, headers = {}, body } = answer;
  response.writeHead(status, {
    'x-amz-request-id': ids.requestId,
    'x-amz-id-2': ids.hostId,
    ...headers,
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    ...(body === undefined && status === 200 && { 'content-length': 0 }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof BodyTooLargeError) return new S3Error('EntityTooLarge');
  return new S3Error('InternalError');
}

function errorAnswer({ code, message, details, status, headers }: S3Error, ids: RequestIds): S3Answer {
  const { requestId: RequestId, hostId: HostId } = ids;
  const body = renderError({ Code: code, Message: message, ...details, RequestId, HostId });
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

function reportToStandardError(what: string, error: unknown): void {
  console.error(what, error);
}
