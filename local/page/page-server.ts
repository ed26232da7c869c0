import type { IncomingMessage, ServerResponse } from 'node:http';
import { isClientId } from '../../contract/photo-rules';
import type { UploadGrant } from '../../app/upload-grants';
import { type FaultName, faultNames, type GrantRequest, type PageGrant, type PageState } from '../../page/page-state';
import { BodyTooLargeError, listenOnLoopback, type LoopbackServer, readBody } from 'loopback-server/loopback-server';
import { EventStream } from './event-stream';
import type { FaultSwitchboard } from './fault-switches';
import { refuseAccess, securityHeaders } from './page-access';
import { loadPageFiles } from './page-files';
import type { Travels } from './photo-tracker';

/** What the page shows and uses. */
export interface PageOptions extends Pick<PageState, 'sendsTo' | 'isReal' | 'clients' | 'waitSpeed'> {
  readonly travels: Travels;
  /** Undefined: nothing can be made to fail. */
  readonly faults: FaultSwitchboard | undefined;
}

/** How photos get into the bucket. */
export interface Uploads {
  /** The S3 that grants send photos to. */
  readonly s3Url: string;
  /** Grants the upload of one photo. */
  readonly grant: (wanted: GrantRequest) => Promise<UploadGrant>;
}

/** The page's server. */
export interface PageServer extends LoopbackServer {
  /** From now on the page is there; before that, requests are told to come again. */
  open(uploads: Uploads): void;
}

/** A request that the page does not send. */
class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

const maxBodyBytes = 10_000;

const notYet = { status: 503, message: 'The pipeline is starting: reload in a moment.' };

/**
 * Listens on 127.0.0.1 for the page's requests, before there is a bucket: the bucket has to know the page's origin.
 * @throws what `listen` reports.
 */
export async function startPageServer(options: PageOptions): Promise<PageServer> {
  const { travels, faults } = options;
  const files = loadPageFiles();
  let uploads: Uploads | undefined;
  const events = new EventStream();
  const unsubscribe = travels.subscribe((travel) => {
    events.send('photo', travel);
  });

  const state = (): PageState => {
    const { sendsTo, isReal, clients, waitSpeed } = options;
    return { sendsTo, isReal, clients, waitSpeed, faults: faults?.state, photos: travels.recent };
  };

  async function grant(request: IncomingMessage, { grant: grantUpload }: Uploads): Promise<PageGrant> {
    const { clientId, contentType } = await readJson(request);
    if (typeof clientId !== 'string' || !isClientId(clientId)) throw new BadRequestError('This is not a client ID.');
    if (contentType !== 'image/jpeg' && contentType !== 'image/png') throw new BadRequestError('This is not a photo.');
    const { url, fields, key, expiresAt } = await grantUpload({ clientId, contentType });
    return { travelId: travels.granted(key, clientId).id, url, fields, expiresAt: expiresAt.toISOString() };
  }

  async function switchFault(request: IncomingMessage): Promise<PageState['faults']> {
    const { name, isOn } = await readJson(request);
    if (faults === undefined || !isFaultName(name) || typeof isOn !== 'boolean') {
      throw new BadRequestError('There is no such switch.');
    }
    faults.set(name, isOn);
    events.send('faults', faults.state);
    return faults.state;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders(uploads?.s3Url))) response.setHeader(name, value);
    const refusal = refuseAccess(request, server.url);
    if (refusal !== undefined || uploads === undefined) {
      const { status, message } = refusal ?? notYet;
      sendText(response, status, message);
      return;
    }
    const operation = `${request.method ?? ''} ${request.url ?? ''}`;
    const file = request.method === 'GET' ? files.get(request.url ?? '') : undefined;
    if (file !== undefined) response.writeHead(200, { 'content-type': file.contentType }).end(file.body);
    else if (operation === 'GET /events') events.open(response, 'state', state());
    else if (operation === 'POST /grants') sendJson(response, await grant(request, uploads));
    else if (operation === 'POST /faults') sendJson(response, await switchFault(request));
    else sendText(response, 404, 'There is no such page.');
  }

  const server = await listenOnLoopback((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const isTheirs = error instanceof BadRequestError || error instanceof BodyTooLargeError;
      if (!isTheirs) process.emitWarning(error instanceof Error ? error : String(error));
      sendText(response, isTheirs ? 400 : 500, isTheirs ? error.message : 'The server failed.');
    });
  });
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
    // As anything else that is no JSON object.
  }
  throw new BadRequestError('The body must be a JSON object.');
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
