import { emptyAnswer, invalidId, invalidRequest, jsonAnswer, refusalAnswer, type Answer } from './answer';
import type { Clients } from './clients';
import { isRecord } from './json-body';
import { parseLivePhotoUpload, type LivePhotos, type StoredLivePhoto } from './live-photos';

const patterns = {
  'POST /livePhotos': /^\/livePhotos$/,
  'GET /livePhotos': /^\/livePhotos$/,
  'GET /livePhotos/:id': /^\/livePhotos\/([^/]+)$/,
  'GET /livePhotos/:id/download': /^\/livePhotos\/([^/]+)\/download$/,
  'DELETE /livePhotos/:id': /^\/livePhotos\/([^/]+)$/,
  'POST /clients': /^\/clients$/,
  'GET /clients/:id': /^\/clients\/([^/]+)$/,
} as const;

/** The calls that the stand-in implements: method, and path after `/v1`. */
export type CallName = keyof typeof patterns;

/** Every {@link CallName}. */
export const callNames = Object.keys(patterns) as CallName[];

/** A request that is one of the calls. */
export interface Call {
  name: CallName;
  /** The value of `:id` in the path; empty if the call has none. */
  id: string;
}

/**
 * Finds the call of a request.
 * @param path without the origin and the query. A trailing slash is ignored: the official Node SDK sends one.
 */
export function matchCall(method: string, path: string): Call | undefined {
  if (!path.startsWith('/v1/')) return undefined;
  const resource = path.slice('/v1'.length).replace(/\/$/, '');
  for (const name of callNames) {
    const match = name.startsWith(`${method} `) ? patterns[name].exec(resource) : null;
    if (match) return { name, id: match[1] ?? '' };
  }
  return undefined;
}

/** The data of one environment: the sandbox or the live account. */
export interface Account {
  clients: Clients;
  livePhotos: LivePhotos;
  /** The status of `POST /livePhotos` for a client that does not exist. ComplyCube documents none. */
  unknownClientStatus: 400 | 404;
  /** Whether responses include properties with an empty or null value. */
  includesEmpty: () => boolean;
}

/** A call with its arguments. */
export interface CallRequest extends Call {
  query: URLSearchParams;
  /** The parsed JSON of a POST. */
  body: unknown;
  /** Whether a list starts with live photos of other clients. */
  includesOtherClients?: boolean;
  /** Called with a live photo as soon as it is stored. */
  onStored: (livePhoto: StoredLivePhoto) => void;
}

/** Carries out a call. @returns ComplyCube's response. */
export function carryOut(account: Account, call: CallRequest): Answer {
  try {
    const value = execute(account, call);
    if (value === undefined) return emptyAnswer();
    return jsonAnswer(200, account.includesEmpty() ? value : withoutEmpty(value));
  } catch (error) {
    return refusalAnswer(error);
  }
}

/** @returns the response's JSON; undefined if it has no body. */
function execute(account: Account, call: CallRequest): object | undefined {
  const { clients, livePhotos } = account;
  switch (call.name) {
    case 'POST /livePhotos':
      return uploadLivePhoto(account, call);
    case 'GET /livePhotos': {
      const query = parseListQuery(call.query);
      const page = livePhotos.list(query);
      const others = call.includesOtherClients === true ? livePhotos.newestOfOthers(query) : [];
      return { ...page, items: [...others, ...page.items].map(describe) };
    }
    case 'GET /livePhotos/:id':
      return describe(livePhotos.get(call.id));
    case 'GET /livePhotos/:id/download':
      return download(livePhotos.get(call.id));
    case 'DELETE /livePhotos/:id':
      livePhotos.delete(call.id);
      return undefined;
    case 'POST /clients':
      return clients.create(call.body);
    case 'GET /clients/:id': {
      const client = clients.find(call.id);
      if (client === undefined) throw invalidId('client', call.id);
      return client;
    }
  }
}

function uploadLivePhoto(
  { clients, livePhotos, unknownClientStatus }: Account,
  { body, onStored }: CallRequest,
): object {
  const photo = parseLivePhotoUpload(body);
  if (clients.find(photo.clientId) === undefined) {
    const notFound = invalidId('client', photo.clientId);
    throw unknownClientStatus === 404 ? notFound : invalidRequest(notFound.message, 'clientId');
  }
  const stored = livePhotos.add(photo);
  onStored(stored);
  return describe(stored);
}

/** The properties and their order are those of the documented example. A numeric ID is a JSON number. */
function describe({ id, clientId, contentType, performLivenessCheck, size, createdAt }: StoredLivePhoto): object {
  return {
    id: /^\d{1,15}$/.test(id) ? Number(id) : id,
    clientId,
    downloadLink: `/livePhotos/${id}/download`,
    contentType,
    performLivenessCheck,
    size,
    createdAt: createdAt.toISOString(),
    updatedAt: createdAt.toISOString(),
  };
}

function download({ contentType, createdAt, bytes }: StoredLivePhoto): object {
  const extension = contentType === 'image/png' ? 'png' : 'jpg';
  return { fileName: `live_photo_${createdAt.getTime()}.${extension}`, contentType, data: bytes.toString('base64') };
}

/** The documented defaults and limits. For a malformed client ID the list is empty. */
function parseListQuery(query: URLSearchParams): { clientId: string; page: number; pageSize: number } {
  const clientId = query.get('clientId');
  if (clientId === null) throw invalidRequest("'clientId' must be provided", 'clientId');
  const page = Number(query.get('page') ?? 1);
  if (!Number.isInteger(page) || page < 1) throw invalidRequest("'page' must be 1 or more", 'page');
  const pageSize = Number(query.get('pageSize') ?? 100);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw invalidRequest("'pageSize' must be between 1 and 1000", 'pageSize');
  }
  return { clientId, page, pageSize };
}

/** Omits null, empty text, empty lists and empty objects: ComplyCube's documentation says that responses lack these. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const properties = Object.entries(value).map(([name, property]) => [name, withoutEmpty(property)] as const);
  return Object.fromEntries(properties.filter(([, property]) => !isEmpty(property)));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
