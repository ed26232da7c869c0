import { emptyAnswer, jsonAnswer, refusalAnswer, type Answer } from './answer';
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
}

/** A call with all that it was given. */
export interface CallRequest extends Call {
  query: URLSearchParams;
  /** The parsed JSON of a POST. */
  body: unknown;
}

/** Carries a call out, and answers it or refuses it as ComplyCube does. */
export function carryOut(account: Account, call: CallRequest): Answer {
  try {
    return answer(account, call);
  } catch (error) {
    return refusalAnswer(error);
  }
}

function answer(account: Account, call: CallRequest): Answer {
  const { clients, livePhotos } = account;
  switch (call.name) {
    case 'POST /livePhotos':
      return jsonAnswer(200, uploadLivePhoto(account, call.body));
    case 'GET /livePhotos': {
      const page = livePhotos.list(parseListQuery(call.query));
      return jsonAnswer(200, { ...page, items: page.items.map(shape) });
    }
    case 'GET /livePhotos/:id':
      return jsonAnswer(200, shape(findLivePhoto(livePhotos, call.id)));
    case 'GET /livePhotos/:id/download':
      return jsonAnswer(200, download(findLivePhoto(livePhotos, call.id)));
    case 'DELETE /livePhotos/:id':
      if (!livePhotos.delete(call.id)) throw invalidId('live photo', call.id);
      return emptyAnswer();
    case 'POST /clients':
      return jsonAnswer(200, clients.create(call.body));
    case 'GET /clients/:id': {
      const client = clients.find(call.id);
      if (client === undefined) throw invalidId('client', call.id);
      return jsonAnswer(200, client);
    }
  }
}

function uploadLivePhoto({ clients, livePhotos, unknownClientStatus }: Account, body: unknown): object {
  const photo = parseLivePhotoUpload(body);
  if (clients.find(photo.clientId) === undefined) {
    const notFound = invalidId('client', photo.clientId);
    throw unknownClientStatus === 404 ? notFound : invalidRequest(notFound.message, 'clientId');
  }
  return shape(livePhotos.add(photo));
}

function findLivePhoto(livePhotos: LivePhotos, id: string): StoredLivePhoto {
  const photo = livePhotos.find(id);
  if (photo === undefined) throw invalidId('live photo', id);
  return photo;
}

/** The properties and their order are those of the documented example. */
function shape({ id, clientId, contentType, performLivenessCheck, bytes, createdAt }: StoredLivePhoto): object {
  return {
    id,
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
