import { randomBytes, randomInt } from 'node:crypto';
import { invalidId, invalidRequest, usedInCheck } from './answer';
import type { Environment } from './api-keys';
import { isRecord } from './json-body';
import { isDecodedData } from './upload-body';

/** The content of a valid upload. */
export interface NewLivePhoto {
  clientId: string;
  bytes: Buffer;
  /** SHA-256 of the bytes, in hex. */
  sha256: string;
  contentType: 'image/jpeg' | 'image/png';
  performLivenessCheck: boolean;
}

/** A stored live photo, with its bytes. */
export interface StoredLivePhoto extends NewLivePhoto {
  /** 24 hex digits, as in each of ComplyCube's examples, or up to 15 decimal digits. */
  id: string;
  /** In bytes. */
  size: number;
  createdAt: Date;
  /** When lists begin to contain it, on the clock of the options. */
  listedFromMs: number;
}

/** A stored live photo without its bytes, for tests and reports. */
export interface LivePhotoFacts {
  id: string;
  clientId: string;
  environment: Environment;
  /** In bytes. */
  size: number;
  /** In hex. The same value twice for one client is a duplicate. */
  sha256: string;
  contentType: string;
  performLivenessCheck: boolean;
  /** ISO 8601. */
  createdAt: string;
}

/** Describes a live photo without its bytes. */
export function factsOf(photo: StoredLivePhoto, environment: Environment): LivePhotoFacts {
  const { id, clientId, size, sha256, contentType, performLivenessCheck } = photo;
  const createdAt = photo.createdAt.toISOString();
  return { id, clientId, environment, size, sha256, contentType, performLivenessCheck, createdAt };
}

/**
 * The documentation says "34 KB" and "4 MB", but not how many bytes a KB has. These limits are the most permissive
 * reading: a photo that is refused here is refused by every reading.
 */
const minBytes = 34_000;
const maxBytes = 4_194_304;

const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Validates the body of `POST /livePhotos` (ComplyCube's API reference, Upload a live photo), except whether the client
 * exists.
 * @param body as `parseUploadBody` returns it.
 * @throws ApiError 400 with the invalid argument as `param`. Only the message about the size is documented.
 */
export function parseLivePhotoUpload(body: unknown): NewLivePhoto {
  if (!isRecord(body)) throw invalidRequest('The body must be a JSON object');
  const { clientId, data, performLivenessCheck = true } = body;
  if (typeof clientId !== 'string' || clientId === '') throw invalidRequest("'clientId' must be provided", 'clientId');
  if (typeof data === 'string' && data !== '') throw invalidRequest("'data' must be BASE64 encoded", 'data');
  if (!isDecodedData(data)) throw invalidRequest("'data' must be provided", 'data');
  const bytes = Buffer.from(data.bytes.buffer, data.bytes.byteOffset, data.bytes.length);
  if (bytes.length < minBytes || bytes.length > maxBytes) {
    throw invalidRequest('Image file size should be between 34KB and 4MB', 'data');
  }
  const contentType = contentTypeOf(bytes);
  if (contentType === undefined) throw invalidRequest('Image should be in JPG or PNG format', 'data');
  if (typeof performLivenessCheck !== 'boolean') {
    throw invalidRequest("'performLivenessCheck' must be a boolean", 'performLivenessCheck');
  }
  return { clientId, bytes, sha256: data.sha256, contentType, performLivenessCheck };
}

function contentTypeOf(bytes: Buffer): NewLivePhoto['contentType'] | undefined {
  if (bytes.subarray(0, jpegSignature.length).equals(jpegSignature)) return 'image/jpeg';
  if (bytes.subarray(0, pngSignature.length).equals(pngSignature)) return 'image/png';
  return undefined;
}

/** One page of a list (ComplyCube's API reference, Pagination). */
export interface Page {
  page: number;
  pageSize: number;
  totalItems: number;
  pages: number;
  items: StoredLivePhoto[];
}

/** How live photos are stored. */
export interface StoringOptions {
  /** Whether the next live photo gets a numeric ID. */
  hasNumericId: () => boolean;
  /** Delay until lists contain the next live photo. */
  listingDelayMs: () => number;
  nowMs: () => number;
  /** How many live photos keep their bytes, the latest ones. */
  keptPhotos: number;
}

/** Maximum number of other clients' live photos in a list. */
const maxOthers = 100;

/** The live photos of one account, in memory. */
export class LivePhotos {
  readonly #photos = new Map<string, StoredLivePhoto>();
  /** The live photos that have their bytes, oldest first. */
  readonly #kept: StoredLivePhoto[] = [];
  readonly #inChecks = new Set<string>();

  constructor(private readonly options: StoringOptions) {}

  add(photo: NewLivePhoto): StoredLivePhoto {
    const { hasNumericId, listingDelayMs, nowMs, keptPhotos } = this.options;
    const stored: StoredLivePhoto = {
      ...photo,
      id: hasNumericId() ? String(randomInt(1e14)) : randomBytes(12).toString('hex'),
      size: photo.bytes.length,
      createdAt: new Date(),
      listedFromMs: nowMs() + listingDelayMs(),
    };
    this.#photos.set(stored.id, stored);
    if (this.#kept.push(stored) > keptPhotos) Object.assign(this.#kept.shift() ?? {}, { bytes: Buffer.alloc(0) });
    return stored;
  }

  /** @throws ApiError 404. */
  get(id: string): StoredLivePhoto {
    const photo = this.#photos.get(id);
    if (photo === undefined) throw invalidId('live photo', id);
    return photo;
  }

  /** @throws ApiError 404; 422 if a check has used the live photo. */
  delete(id: string): void {
    if (this.#inChecks.has(id)) throw usedInCheck();
    const photo = this.get(id);
    this.#photos.delete(id);
    const at = this.#kept.indexOf(photo);
    if (at >= 0) this.#kept.splice(at, 1);
  }

  /** Uses a live photo in a check: from now on, it can't be deleted. @returns whether it exists. */
  useInCheck(id: string): boolean {
    if (!this.#photos.has(id)) return false;
    this.#inChecks.add(id);
    return true;
  }

  /** All live photos, oldest first. */
  all(): StoredLivePhoto[] {
    return [...this.#photos.values()];
  }

  /** One client's live photos, newest first. For an unknown client the list is empty, as at ComplyCube. */
  list({ clientId, page, pageSize }: { clientId: string; page: number; pageSize: number }): Page {
    const newestFirst = this.#listed().filter((photo) => photo.clientId === clientId);
    return {
      page,
      pageSize,
      totalItems: newestFirst.length,
      pages: Math.ceil(newestFirst.length / pageSize),
      items: newestFirst.slice((page - 1) * pageSize, page * pageSize),
    };
  }

  /** The newest live photos of other clients. */
  newestOfOthers({ clientId }: { clientId: string }): StoredLivePhoto[] {
    return this.#listed()
      .filter((photo) => photo.clientId !== clientId)
      .slice(0, maxOthers);
  }

  /** Newest first, in the order of adding: two photos may have the same `createdAt`. */
  #listed(): StoredLivePhoto[] {
    const now = this.options.nowMs();
    return this.all()
      .filter(({ listedFromMs }) => listedFromMs <= now)
      .reverse();
  }
}
