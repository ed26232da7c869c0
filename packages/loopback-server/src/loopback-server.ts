import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that accepts connections from this machine only. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  /** Stops listening and drops every open connection. */
  close(): Promise<void>;
}

/** Whether pages of an origin may send requests. */
export type AllowsOrigin = (origin: string) => boolean;

/**
 * Starts an HTTP server on 127.0.0.1. Only programs on this machine reach it, but a browser runs pages of the whole web. So it
 * refuses requests with a foreign Host (a domain that resolves to this machine, DNS rebinding) and with a foreign Origin.
 * @param port default: 0, any free port.
 * @param allowsOrigin default: no page may send requests.
 * @throws what `listen` reports, such as EADDRINUSE.
 */
export async function listenOnLoopback(
  onRequest: RequestListener,
  port = 0,
  allowsOrigin: AllowsOrigin = () => false,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const refusal = refuseAccess(request, allowsOrigin);
    if (refusal === undefined) onRequest(request, response);
    else response.writeHead(refusal.status, { 'content-type': 'text/plain', connection: 'close' }).end(refusal.message);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: listeningPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listeningPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

function refuseAccess(
  { headers: { host = '', origin } }: IncomingMessage,
  allowsOrigin: AllowsOrigin,
): { readonly status: number; readonly message: string } | undefined {
  if (!loopbackHost.test(host)) return { status: 421, message: 'The Host must be 127.0.0.1 or localhost.' };
  if (origin !== undefined && !allowsOrigin(origin)) return { status: 403, message: 'Pages have no access.' };
  return undefined;
}

/** A request's body exceeds the limit. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * Reads a request body. A body that is too large is read to its end, but not stored: a client that sends everything before it
 * reads would otherwise see a broken connection instead of a response.
 * @throws BodyTooLargeError beyond `maxBytes`.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  // A body of known length is written into one buffer: joining the parts of a large one would delay other requests.
  const body = Buffer.allocUnsafeSlow(Math.min(Number(request.headers['content-length'] ?? 0), maxBytes));
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (bytes + chunk.length <= body.length) body.set(chunk, bytes);
    else if (bytes + chunk.length <= maxBytes) parts.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > maxBytes) throw new BodyTooLargeError(`The body is larger than ${maxBytes} bytes`);
  return parts.length === 0 ? body : Buffer.concat(parts, bytes);
}
