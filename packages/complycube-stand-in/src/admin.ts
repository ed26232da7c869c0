import type { IncomingMessage } from 'node:http';
import { emptyAnswer, invalidRequest, jsonAnswer, notImplemented, type Answer } from './answer';
import { isKeyForm, type ApiKeys } from './api-keys';
import { parseFaultRule } from './faults';
import { isRecord, readJsonBody } from './json-body';
import { addClient, listLivePhotos, takeStatistics, type StandInState, useInCheck } from './state';

/** The path under which other programs control the stand-in. It needs no key, and does not exist at ComplyCube. */
export const adminPath = '/_stand-in/';

const maxAdminBodyBytes = 100_000;

/**
 * Answers a request under {@link adminPath}. A POST must have the content type JSON, which a web page of another origin
 * cannot send without a preflight request.
 * @throws ApiError 400 for a malformed request, 501 for an unknown operation.
 */
export async function answerAdmin(state: StandInState, request: IncomingMessage, path: string): Promise<Answer> {
  const readBody = () => readJsonBody(request, maxAdminBodyBytes);
  const operation = `${request.method ?? ''} ${path}`;
  switch (operation) {
    case 'POST /_stand-in/faults':
      state.faults.add(parseFaultRule(await readBody()));
      return jsonAnswer(200, { faults: state.faults.rules() });
    case 'GET /_stand-in/faults':
      return jsonAnswer(200, { faults: state.faults.rules() });
    case 'DELETE /_stand-in/faults':
      state.faults.clear();
      return emptyAnswer();
    case 'GET /_stand-in/statistics':
      return jsonAnswer(200, takeStatistics(state));
    case 'GET /_stand-in/live-photos':
      return jsonAnswer(200, { livePhotos: listLivePhotos(state) });
    case 'POST /_stand-in/keys':
      changeKeys(state.keys, await readBody());
      return emptyAnswer();
    case 'POST /_stand-in/clients':
      addKnownClient(state, await readBody());
      return emptyAnswer();
    case 'POST /_stand-in/checks':
      useInOneCheck(state, await readBody());
      return emptyAnswer();
    case 'POST /_stand-in/settings':
      changeSettings(state, await readBody());
      return jsonAnswer(200, state.settings);
    default:
      throw notImplemented(operation);
  }
}

function addKnownClient(state: StandInState, body: unknown): void {
  const { clientId, afterMs = 0 } = isRecord(body) ? body : {};
  if (typeof clientId !== 'string' || clientId === '') throw invalidRequest("'clientId' must be a string", 'clientId');
  if (!isTime(afterMs)) throw invalidRequest("'afterMs' must be 0 or more milliseconds", 'afterMs');
  addClient(state, clientId, afterMs);
}

function useInOneCheck(state: StandInState, body: unknown): void {
  const { livePhotoId } = isRecord(body) ? body : {};
  if (typeof livePhotoId !== 'string') throw invalidRequest("'livePhotoId' must be a string", 'livePhotoId');
  useInCheck(state, livePhotoId);
}

function changeSettings({ settings }: StandInState, body: unknown): void {
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
