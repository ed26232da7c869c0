import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { S3Error } from './errors';
import type { S3Answer } from './call';

/** An HTML error page, as from a proxy. */
function page(status: number, title: string): S3Answer {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}

/** Responses that are not from S3. */
const pages = {
  'html-403': page(403, '403 Forbidden'),
  'html-404': page(404, '404 Not Found'),
  'html-502': page(502, '502 Bad Gateway'),
} as const;

/** Faults before or after the request takes effect: one of {@link pages}, no response, or a reset connection. */
export type S3FaultName = keyof typeof pages | 'hang' | 'reset';

/**
 * Faults within a response. `stall`: headers and half of the body, then nothing. `reset-in-body`: the same, then a reset.
 * `drip`: the body byte by byte. Without a body, `stall` sends nothing, `reset-in-body` resets, and `drip` has no effect.
 */
export type S3BodyFaultName = 'stall' | 'reset-in-body' | 'drip';

/** A fault before the request takes effect. */
export type S3Fault = S3Error | S3FaultName;

/** A fault after the request took effect. */
export type S3FaultAfter = S3Fault | S3BodyFaultName;

/** Pause between two bytes of `drip`. */
const dripMs = 100;

/** Sends the response that a fault replaces or changes. */
export async function deliverFault(
  response: ServerResponse,
  fault: S3FaultName | S3BodyFaultName,
  { answer, send }: { readonly answer: S3Answer | undefined; readonly send: (answer: S3Answer) => void },
): Promise<void> {
  const body = Buffer.from(answer?.body ?? '');
  switch (fault) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'stall':
      if (body.length > 0) startBody(response, answer, body);
      return;
    case 'reset-in-body':
      // Wait until the first half is sent: a reset discards the socket's buffer.
      if (body.length > 0) startBody(response, answer, body, () => response.socket?.resetAndDestroy());
      else response.socket?.resetAndDestroy();
      return;
    case 'drip':
      if (body.length > 0) await drip(response, answer, body);
      else if (answer !== undefined) send(answer);
      return;
    case 'html-403':
    case 'html-404':
    case 'html-502':
      send(pages[fault]);
  }
}

function startBody(response: ServerResponse, answer: S3Answer | undefined, body: Buffer, then?: () => void): void {
  writeHead(response, answer, body);
  response.write(body.subarray(0, Math.floor(body.length / 2)), then);
}

async function drip(response: ServerResponse, answer: S3Answer | undefined, body: Buffer): Promise<void> {
  writeHead(response, answer, body);
  for (let at = 0; at < body.length && !response.destroyed; at++) {
    response.write(body.subarray(at, at + 1));
    await sleep(dripMs, undefined, { ref: false });
  }
  response.end();
}

function writeHead(response: ServerResponse, answer: S3Answer | undefined, body: Buffer): void {
  response.writeHead(answer?.status ?? 200, { ...answer?.headers, 'content-length': body.length });
  response.flushHeaders();
}
