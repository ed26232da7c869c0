import type { IncomingHttpHeaders } from 'node:http';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { LivePhoto, LivePhotoPage, Refused } from './answer';
import type { HttpAnswer } from './http-answer';
import { parseRetryAfter } from './retry-after';
import { isJsonObject, type JsonObject } from '../../contract/json-object';

/** A 2xx answer that is unreadable or contradicts the call. It is unknown what ComplyCube did. */
export class UntrustedAnswerError extends Error {
  override readonly name = 'UntrustedAnswerError';

  /** @param problem completes the sentence "ComplyCube’s answer …". */
  constructor(
    problem: string,
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
  ) {
    super(`ComplyCube’s answer (${status}) ${problem}`);
  }
}

/** An answer without the facts of its call. */
export type ParsedAnswer<T> =
  { readonly kind: 'accepted'; readonly status: number; readonly value: T } | Omit<Refused, 'requestId' | 'tookMs'>;

/** Why an answer is untrusted; see {@link UntrustedAnswerError}. */
class Problem {
  constructor(readonly text: string) {}
}

/** Decodes the JSON of a 2xx answer, and checks it against the call. */
export type Decode<T> = (json: JsonObject) => T | Problem;

/**
 * Parses an answer. Unreadable parts of an error's body are ignored: a gateway may answer with HTML, or without a body.
 * @throws UntrustedAnswerError when a 2xx answer is unreadable or contradicts the call.
 */
export function parseAnswer<T>({ status, headers, body }: HttpAnswer, decode: Decode<T>): ParsedAnswer<T> {
  const json = status === 204 ? {} : parseJsonObject(body); // 204 has no body
  if (status >= 200 && status < 300) {
    const value = json === undefined ? new Problem('is no JSON object') : decode(json);
    if (value instanceof Problem) throw new UntrustedAnswerError(value.text, status, headers);
    return { kind: 'accepted', status, value };
  }
  return {
    kind: 'refused',
    status,
    type: textOf(json?.['type']),
    message: textOf(json?.['message']),
    param: textOf(json?.['param']),
    retryAfterMs: parseRetryAfter(headers['retry-after']),
  };
}

/** Decodes the answer to an upload. If it contains client or size, they must match the photo. */
export function decodeUploaded(photo: ExpectedLivePhoto & { readonly bytes: number }): Decode<LivePhoto> {
  return ({ id, clientId, size }) => {
    const livePhotoId = idOf(id);
    if (livePhotoId === undefined) return new Problem('has no usable ID');
    if (isPresent(clientId) && idOf(clientId) !== photo.clientId) return new Problem('is about another client');
    if (isPresent(size) && countOf(size) !== photo.bytes) return new Problem('is about a photo of another size');
    return { id: livePhotoId };
  };
}

/** What a live photo must have. */
export interface ExpectedLivePhoto {
  readonly clientId: string;
  /** Its size. Undefined: nobody knows it, so it is not compared. */
  readonly bytes: number | undefined;
}

/**
 * Decodes the facts of one live photo. The answer must have its ID.
 * @param photo the answer must also have this client and this size. Undefined: they are not compared.
 */
export function decodeLivePhoto(expectedId: string, photo?: ExpectedLivePhoto): Decode<ListedLivePhoto> {
  return (json) => {
    const livePhoto = parseListItem(json);
    if (livePhoto.id !== expectedId) return new Problem('is about another live photo');
    if (photo !== undefined && idOf(json['clientId']) !== photo.clientId) return new Problem('is about another client');
    if (photo?.bytes !== undefined && livePhoto.size !== photo.bytes)
      return new Problem('is about a photo of another size');
    return { ...livePhoto, id: expectedId };
  };
}

/** Decodes the answer to a deletion. Its status is what counts. */
export const decodeDeletion: Decode<undefined> = () => undefined;

/** The requested page size. It is also ComplyCube's default. */
export const pageSize = 100;

/**
 * Decodes one page of a client's live photos. Ignores items of other clients, and malformed items if there are others.
 *
 * ComplyCube omits empty properties, so an empty list probably has no `items`. An answer without items is an empty list only if it
 * has other fields of a page, and these do not count any items.
 */
export function decodePage(request: { readonly clientId: string; readonly page: number }): Decode<LivePhotoPage> {
  return (json) => {
    const items = json['items'] ?? [];
    if (!Array.isArray(items)) return new Problem('is not a list');
    const counts = {
      page: countOf(json['page']),
      pageSize: countOf(json['pageSize']),
      pages: countOf(json['pages']),
      totalItems: countOf(json['totalItems']),
    };
    if (counts.page !== undefined && counts.page !== request.page) return new Problem('is about another page');
    if (items.length === 0) {
      const fields = Object.values(counts).filter((count) => count !== undefined).length;
      if (fields < ('items' in json ? 1 : 2)) return new Problem('is not a list');
      if (announcesItems(request.page, counts)) return new Problem('lacks the items that it counts');
      return { livePhotos: [], unnamed: [], pages: request.page };
    }
    const parsed = items.map(parseItem).filter((item) => item !== undefined);
    const own = parsed.filter(({ clientId }) => clientId === undefined || clientId === request.clientId);
    const livePhotos = own.map(({ livePhoto }) => livePhoto).filter(hasId);
    if (parsed.every(({ livePhoto }) => !hasId(livePhoto))) return new Problem('has no readable item');
    return {
      livePhotos,
      unnamed: own.map(({ livePhoto }) => livePhoto).filter((livePhoto) => !hasId(livePhoto)),
      pages: countPages(request.page, items.length, counts),
    };
  };
}

interface PageCounts {
  readonly pageSize: number | undefined;
  readonly pages: number | undefined;
  readonly totalItems: number | undefined;
}

function announcesItems(page: number, { pageSize: size = pageSize, pages = 0, totalItems }: PageCounts): boolean {
  return totalItems === undefined ? pages > page : totalItems > (page - 1) * size;
}

/** The number of pages. If no field tells it, a full page is assumed to be followed by another one. */
function countPages(page: number, items: number, { pageSize: size, pages = 0, totalItems = 0 }: PageCounts): number {
  const itemsPerPage = size === undefined || size === 0 ? pageSize : size;
  const known = Math.max(pages, Math.ceil(totalItems / itemsPerPage));
  if (known > 0) return known;
  return items < itemsPerPage ? page : page + 1;
}

/**
 * Decodes a download. Accepts only strict base64, with or without line breaks.
 * @param listedBytes the size in the list, if known.
 */
export function decodeDownload(listedBytes: number | undefined): Decode<Buffer> {
  return ({ data }) => {
    const base64 = typeof data === 'string' ? data.replace(/[\r\n]/g, '') : '';
    const bytes = Buffer.from(base64, 'base64');
    // Node's decoder skips invalid characters and accepts truncated text. Strict base64 encodes to the same text again.
    if (bytes.length === 0 || bytes.toString('base64') !== base64) return new Problem('has no base64 image');
    if (listedBytes !== undefined && bytes.length !== listedBytes) {
      return new Problem('has an image of another size than listed');
    }
    return bytes;
  };
}

/** A live photo in a list. Its ID is undefined if unusable. */
type ListItem = Omit<ListedLivePhoto, 'id'> & { readonly id: string | undefined };

function hasId(item: ListItem): item is ListItem & ListedLivePhoto {
  return item.id !== undefined;
}

interface ParsedItem {
  readonly livePhoto: ListItem;
  readonly clientId: string | undefined;
}

function parseItem(item: unknown): ParsedItem | undefined {
  if (!isJsonObject(item)) return undefined;
  const livePhoto = parseListItem(item);
  const { clientId } = item;
  if (!isPresent(clientId)) return { livePhoto, clientId: undefined };
  const owner = idOf(clientId);
  return owner === undefined ? undefined : { livePhoto, clientId: owner };
}

function parseListItem(item: JsonObject): ListItem {
  const size = countOf(item['size']);
  return { id: idOf(item['id']), size: size === 0 ? undefined : size, createdAtMs: instantOf(item['createdAt']) };
}

/** A property without a value is absent or null. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The characters of an S3 tag's value, without spaces (S3 user guide, "Object tagging"). */
const tagValue = /^[A-Za-z0-9+\-=._:/@]{1,256}$/;

/** An ID as text. A number is accepted if JavaScript represents it exactly. */
function idOf(value: unknown): string | undefined {
  const id = isSafeInteger(value) && value > 0 ? String(value) : value;
  return typeof id === 'string' && tagValue.test(id) ? id : undefined;
}

/** A count of bytes, items or pages, as a number or numeric text. */
function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return isSafeInteger(count) && count >= 0 ? count : undefined;
}

function isSafeInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Before ComplyCube existed. An earlier date means that the date is unset. */
const earliestInstantMs = Date.UTC(2000, 0);

/** Parses an ISO 8601 time with a time zone. The pattern is needed because `Date.parse` accepts much that is not a date. */
function instantOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  const instantMs = Date.parse(value);
  return instantMs >= earliestInstantMs ? instantMs : undefined;
}

function parseJsonObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')); // a byte order mark is not JSON
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // a gateway's HTML, or an answer cut short
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
