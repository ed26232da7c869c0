import { emptyAnswer, jsonAnswer, refusalAnswer, withoutEmpty, type Answer } from './answer';
import { invalidId, invalidRequest } from './api-error';
import type { Call } from './calls';
import type { Clients } from './clients';
import { parseLivePhotoUpload } from './live-photo-upload';
import type { LivePhotos, StoredLivePhoto } from './live-photos';

/** What a key opens: the sandbox's clients and live photos, or the live ones. */
export interface Account {
  clients: Clients;
  livePhotos: LivePhotos;
  /** What `POST /livePhotos` answers for a client that does not exist; ComplyCube documents neither. */
  unknownClientStatus: 400 | 404;
  /** Whether answers include properties with an empty or null value. */
  includesEmpty: () => boolean;
}

/** A call with its arguments. */
export interface CallRequest extends Call {
  query: URLSearchParams;
  /** The parsed JSON of a POST. */
  body: unknown;
  /** Whether a list has live photos of other clients before its own. */
  includesOtherClients?: boolean;
  /** Called with a live photo as soon as it is stored. */
  onStored: (livePhoto: StoredLivePhoto) => void;
}

/** Carries a call out, and answers it or refuses it as ComplyCube does. */
export function carryOut(account: Account, call: CallRequest): Answer {
  try {
    const value = execute(account, call);
    if (value === undefined) return emptyAnswer();
    return jsonAnswer(200, account.includesEmpty() ? value : withoutEmpty(value));
  } catch (error) {
    return refusalAnswer(error);
  }
}

/** @returns the answer's JSON; undefined when it has no body. */
function execute(account: Account, call: CallRequest): object | undefined {
  const { clients, livePhotos } = account;
  switch (call.name) {
    case 'POST /livePhotos':
      return uploadLivePhoto(account, call);
    case 'GET /livePhotos': {
      const query = parseListQuery(call.query);
      const page = livePhotos.list(query);
      const others = call.includesOtherClients === true ? livePhotos.newestOfOthers(query) : [];
      return { ...page, items: [...others, ...page.items].map(shape) };
    }
    case 'GET /livePhotos/:id':
      return shape(findLivePhoto(livePhotos, call.id));
    case 'GET /livePhotos/:id/download':
      return download(findLivePhoto(livePhotos, call.id));
    case 'DELETE /livePhotos/:id':
      if (!livePhotos.delete(call.id)) throw invalidId('live photo', call.id);
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
  return shape(stored);
}

function findLivePhoto(livePhotos: LivePhotos, id: string): StoredLivePhoto {
  const photo = livePhotos.find(id);
  if (photo === undefined) throw invalidId('live photo', id);
  return photo;
}

/** The properties and their order are those of the documented example. A numeric ID is answered as a number. */
function shape({ id, clientId, contentType, performLivenessCheck, bytes, createdAt }: StoredLivePhoto): object {
  return {
    id: /^\d{1,15}$/.test(id) ? Number(id) : id,
    clientId,
    downloadLink: `/livePhotos/${id}/download`,
    contentType,
    performLivenessCheck,
    size: bytes.length,
    createdAt: createdAt.toISOString(),
    updatedAt: createdAt.toISOString(),
  };
}

function download({ contentType, createdAt, bytes }: StoredLivePhoto): object {
  const ending = contentType === 'image/png' ? 'png' : 'jpg';
  return { fileName: `live_photo_${createdAt.getTime()}.${ending}`, contentType, data: bytes.toString('base64') };
}

/** The documented defaults and limits; a client ID that no client could have is not refused but finds nothing. */
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
