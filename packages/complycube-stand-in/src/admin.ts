import type { IncomingMessage } from 'node:http';
import { emptyAnswer, jsonAnswer, type Answer } from './answer';
import { invalidRequest, notImplemented } from './api-error';
import { isKeyForm, type ApiKeys } from './api-keys';
import { parseFaultRule } from './fault-rules';
import { isRecord, readJsonBody } from './json-body';
import { addClient, listLivePhotos, takeStatistics, type Stand } from './stand';

/** Under this path other programs control the stand-in. Nothing of it exists at ComplyCube, and no key is required. */
export const adminPath = '/_stand-in/';

const maxAdminBodyBytes = 100_000;

/**
 * Answers a request under {@link adminPath}.
 *
 * The content type of a POST must be JSON: a page in a browser can't send that to another origin without a preflight.
 * @throws ApiError 400 for a malformed request, 501 for an unknown operation.
 */
export async function answerAdmin(stand: Stand, request: IncomingMessage, path: string): Promise<Answer> {
  const operation = `${request.method ?? ''} ${path}`;
  switch (operation) {
    case 'POST /_stand-in/faults':
      stand.faults.add(parseFaultRule(await readJsonBody(request, maxAdminBodyBytes)));
      return jsonAnswer(200, { faults: stand.faults.rules() });
    case 'GET /_stand-in/faults':
      return jsonAnswer(200, { faults: stand.faults.rules() });
    case 'DELETE /_stand-in/faults':
      stand.faults.clear();
      return emptyAnswer();
    case 'GET /_stand-in/statistics':
      return jsonAnswer(200, takeStatistics(stand));
    case 'GET /_stand-in/live-photos':
      return jsonAnswer(200, { livePhotos: listLivePhotos(stand) });
    case 'POST /_stand-in/keys':
      changeKeys(stand.keys, await readJsonBody(request, maxAdminBodyBytes));
      return emptyAnswer();
    case 'POST /_stand-in/clients':
      addKnownClient(stand, await readJsonBody(request, maxAdminBodyBytes));
      return emptyAnswer();
    case 'POST /_stand-in/settings':
      changeSettings(stand, await readJsonBody(request, maxAdminBodyBytes));
      return jsonAnswer(200, stand.settings);
    default:
      throw notImplemented(operation);
  }
}

function addKnownClient(stand: Stand, body: unknown): void {
  const { clientId, afterMs = 0 } = isRecord(body) ? body : {};
  if (typeof clientId !== 'string' || clientId === '') throw invalidRequest("'clientId' must be a string", 'clientId');
  if (!isTime(afterMs)) throw invalidRequest("'afterMs' must be 0 or more milliseconds", 'afterMs');
  addClient(stand, clientId, afterMs);
}

function changeSettings({ settings }: Stand, body: unknown): void {
  if (!isRecord(body)) throw invalidRequest('The body must be a JSON object');
  const { includesEmpty = settings.includesEmpty, listingDelayMs = settings.listingDelayMs, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidRequest(`There is no setting '${unknown}'`, unknown);
  if (typeof includesEmpty !== 'boolean') throw invalidRequest("'includesEmpty' must be a boolean", 'includesEmpty');
  if (listingDelayMs !== settings.listingDelayMs && !isTime(listingDelayMs)) {
    throw invalidRequest("'listingDelayMs' must be 0 or more milliseconds", 'listingDelayMs');
  }
  Object.assign(settings, { includesEmpty, listingDelayMs });
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function changeKeys(keys: ApiKeys, body: unknown): void {
  const { accept, revoke } = isRecord(body) ? body : {};
  if (typeof accept === 'string' && revoke === undefined) {
    if (!isKeyForm(accept)) throw invalidRequest('A key begins with test_ or live_', 'accept');
    keys.accept(accept);
  } else if (typeof revoke === 'string' && accept === undefined) {
    keys.revoke(revoke);
  } else {
    throw invalidRequest('The body must be {"accept": key} or {"revoke": key}');
  }
}
