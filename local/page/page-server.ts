import type { IncomingMessage, ServerResponse } from 'node:http';
import { isClientId } from '../../contract/photo-rules';
import type { UploadGrant } from '../../app/upload-grants';
import { type FaultName, faultNames, type GrantRequest, type PageGrant, type PageState } from '../../page/page-state';
import { BodyTooLargeError, listenOnLoopback, type LoopbackServer, readBody } from 'loopback-server/loopback-server';
import { makeJpeg } from 'sample-photos/jpeg';
import type { FaultSwitchSet } from './fault-switches';
import { corsHeaders, refuseAccess, securityHeaders } from './page-access';
import { loadPageFiles } from './page-files';
import type { PhotoTracker } from './photo-tracker';

/** What the page shows and controls. */
export interface PageOptions extends Pick<PageState, 'sendsTo' | 'isReal' | 'clients' | 'waitSpeed'> {
  readonly tracker: PhotoTracker;
  /** Undefined: no faults can be simulated. */
  readonly faults: FaultSwitchSet | undefined;
  /** Origins of other pages that may use this server. */
  readonly origins: readonly string[];
}

/** How the page uploads photos. */
export interface Uploads {
  /** The S3 endpoint that grants are valid for. */
  readonly s3Url: string;
  /** Creates a grant for one photo. */
  readonly grant: (wanted: GrantRequest) => Promise<UploadGrant>;
}

/** The web page's server. */
export interface PageServer extends LoopbackServer {
  /** Starts to serve the page. Until then, requests get 503. */
  open(uploads: Uploads): void;
}

/** A request that the page never sends. */
class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

const maxBodyBytes = 10_000;

const sampleBytes = 180_000;

const reconnectAfterMs = 1_000;

const notYet = { status: 503, message: 'The pipeline is starting. Reload in a moment.' };

/**
 * Listens on 127.0.0.1. Starts before the pipeline does, because the bucket's CORS rules need the page's origin.
 */
export async function startPageServer(options: PageOptions): Promise<PageServer> {
  const { tracker, faults } = options;
  const files = loadPageFiles();
  let uploads: Uploads | undefined;
  let samples = 0;
  const listeners = new Set<ServerResponse>();
  const sendEvent = (name: string, data: unknown): void => {
    for (const listener of listeners) listener.write(renderEvent(name, data));
  };
  const unsubscribe = tracker.subscribe((photo) => sendEvent('photo', photo));

  const state = (): PageState => {
    const { sendsTo, isReal, clients, waitSpeed } = options;
    return { sendsTo, isReal, clients, waitSpeed, faults: faults?.state, photos: tracker.recent };
  };

  async function grant(request: IncomingMessage, { grant: grantUpload }: Uploads): Promise<PageGrant> {
    const { clientId, contentType } = await readJson(request);
    if (typeof clientId !== 'string' || !isClientId(clientId)) throw new BadRequestError('The client ID is invalid.');
    if (contentType !== 'image/jpeg' && contentType !== 'image/png')
      throw new BadRequestError('The content type must be image/jpeg or image/png.');
    const { url, fields, key, expiresAt } = await grantUpload({ clientId, contentType });
    return { photoId: tracker.granted(key, clientId).id, url, fields, expiresAt: expiresAt.toISOString() };
  }

  async function switchFault(request: IncomingMessage): Promise<PageState['faults']> {
    const { name, isOn } = await readJson(request);
    if (faults === undefined || !isFaultName(name) || typeof isOn !== 'boolean') {
      throw new BadRequestError('This switch does not exist.');
    }
    faults.set(name, isOn);
    sendEvent('faults', faults.state);
    return faults.state;
  }

  function openEvents(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: ${reconnectAfterMs}\n${renderEvent('state', state())}`);
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  /** Each sample has other bytes: for ComplyCube, the same bytes are the same live photo. */
  function sendSample(response: ServerResponse): void {
    samples += 1;
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(makeJpeg({ bytes: sampleBytes, seed: samples }));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders(uploads?.s3Url))) response.setHeader(name, value);
    for (const [name, value] of Object.entries(corsHeaders(request, options.origins))) response.setHeader(name, value);
    const refusal = refuseAccess(request, server.url, options.origins);
    if (refusal !== undefined || uploads === undefined) {
      const { status, message } = refusal ?? notYet;
      sendText(response, status, message);
      return;
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const operation = `${request.method ?? ''} ${request.url ?? ''}`;
    const file = request.method === 'GET' ? files.get(request.url ?? '') : undefined;
    const photo = tracker.recent.find(({ id }) => operation === `GET /photos/${id}`);
    if (file !== undefined) response.writeHead(200, { 'content-type': file.contentType }).end(file.body);
    else if (operation === 'GET /events') openEvents(response);
    else if (operation === 'GET /sample-photo') sendSample(response);
    else if (photo !== undefined) sendJson(response, photo);
    else if (operation === 'POST /grants') sendJson(response, await grant(request, uploads));
    else if (operation === 'POST /faults') sendJson(response, await switchFault(request));
    else sendText(response, 404, 'This page does not exist.');
  }

  const server = await listenOnLoopback(
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        const isBadRequest = error instanceof BadRequestError || error instanceof BodyTooLargeError;
        // If the page closed the connection, there is no error to report.
        if (!isBadRequest && request.errored === null) {
          process.emitWarning(error instanceof Error ? error : String(error));
        }
        sendText(response, isBadRequest ? 400 : 500, isBadRequest ? error.message : 'The server failed.');
      });
    },
    0,
    () => true,
  );
  return {
    url: server.url,
    open: (given) => {
      uploads = given;
    },
    close: async () => {
      unsubscribe();
      await server.close();
    },
  };
}

function isFaultName(name: unknown): name is FaultName {
  return faultNames.some((known) => known === name);
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readBody(request, maxBodyBytes)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Same error as for other values that are not objects.
  }
  throw new BadRequestError('The body must be a JSON object.');
}

/** One server-sent event (HTML standard). JSON contains no line breaks, so one `data` line is enough. */
function renderEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
