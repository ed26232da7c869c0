import type { Answer } from './answer';
import { isRecord } from './json-body';

type Json = Record<string, unknown>;

/** Changes the text of any response, including a refusal. */
export function changeText(answer: Answer, change: (text: string) => string): Answer {
  return { ...answer, body: change(answer.body) };
}

/** Adds a property of the given size. A response without a body is unchanged. */
export function enlarge(answer: Answer, bytes: number): Answer {
  return answer.body === '' ? answer : changeJson(answer, (json) => ({ ...json, padding: 'x'.repeat(bytes) }));
}

/** Changes properties of the live photo in a response, or of each one in a list. */
export function changeLivePhotos(answer: Answer, change: (livePhoto: Json) => Json): Answer {
  return mapLivePhotos(answer, (livePhoto) => ({ ...livePhoto, ...change(livePhoto) }));
}

/** Removes a property from the live photo in a response, or from each one in a list. */
export function omitFromLivePhotos(answer: Answer, omitted: string): Answer {
  return mapLivePhotos(answer, (livePhoto) =>
    Object.fromEntries(Object.entries(livePhoto).filter(([name]) => name !== omitted)),
  );
}

/** Adds an item that is not a live photo to the start of a list. */
export function addMalformedItem(answer: Answer): Answer {
  return changeJson(answer, (json) =>
    'totalItems' in json ? { ...json, items: [{ id: null }, ...itemsOf(json)] } : json,
  );
}

/** Changes the base64 text of a download. */
export function changeData(answer: Answer, change: (data: string) => string): Answer {
  return changeJson(answer, (json) =>
    typeof json['data'] === 'string' ? { ...json, data: change(json['data']) } : json,
  );
}

function mapLivePhotos(answer: Answer, change: (livePhoto: Json) => Json): Answer {
  return changeJson(answer, (json) => {
    if (Array.isArray(json['items'])) return { ...json, items: itemsOf(json).map((item) => change(item as Json)) };
    return 'downloadLink' in json ? change(json) : json;
  });
}

function itemsOf({ items }: Json): unknown[] {
  return Array.isArray(items) ? items : [];
}

/** Refusals and empty responses are unchanged. */
function changeJson(answer: Answer, change: (json: Json) => Json): Answer {
  if (answer.status !== 200) return answer;
  const json: unknown = JSON.parse(answer.body);
  return isRecord(json) ? { ...answer, body: JSON.stringify(change(json)) } : answer;
}
