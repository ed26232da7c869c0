import type { IncomingMessage } from 'node:http';
import { emptyAnswer, jsonAnswer, type Answer } from './answer';
import { invalidRequest, notImplemented } from './api-error';
import { isKeyForm, type ApiKeys } from './api-keys';
import { parseFaultRule } from './fault-rules';
import { isRecord, readJsonBody } from './json-body';
import { listLivePhotos, takeStatistics, type Stand } from './stand';

/** Behind this path other programs direct the stand-in; none of it exists at ComplyCube, and no key is asked for. */
export const adminPath = '/_stand-in/';

const maxAdminBodyBytes = 100_000;

/**
 * Answers a request behind {@link adminPath}.
 *
 * A POST must say that it is JSON, which a page in a browser cannot do towards another origin without asking first.
 * @throws ApiError 400 for what it does not understand, 501 for what there is not.
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
    default:
      throw notImplemented(operation);
  }
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
