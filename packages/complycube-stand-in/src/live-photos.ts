import { createHash, randomBytes, randomInt } from 'node:crypto';

/** The content of a valid upload. */
export interface NewLivePhoto {
  clientId: string;
  bytes: Buffer;
  contentType: 'image/jpeg' | 'image/png';
  performLivenessCheck: boolean;
}

/** A live photo that the stand-in keeps, with its bytes. */
export interface StoredLivePhoto extends NewLivePhoto {
  /** 24 hex digits, as in each of ComplyCube's examples, or up to 15 decimal digits. */
  id: string;
  /** Of the bytes, in hex: the same twice for one client is a duplicate. */
  sha256: string;
  createdAt: Date;
  /** When lists begin to contain it; milliseconds of `performance.now()`. */
  listedFromMs: number;
}

/** One page of a list, as ComplyCube answers it (API reference, Pagination). */
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
  /** How long after it was stored the next live photo is listed. */
  listingDelayMs: () => number;
}

/** How many live photos of other clients a list contains at most, when it does. */
const maxOthers = 100;

/** The live photos of one account, in memory. */
export class LivePhotos {
  readonly #photos = new Map<string, StoredLivePhoto>();
  readonly #options: StoringOptions;

  constructor(options: StoringOptions) {
    this.#options = options;
  }

  add(photo: NewLivePhoto): StoredLivePhoto {
    const stored: StoredLivePhoto = {
      ...photo,
      id: this.#options.hasNumericId() ? String(randomInt(1e14)) : randomBytes(12).toString('hex'),
      sha256: createHash('sha256').update(photo.bytes).digest('hex'),
      createdAt: new Date(),
      listedFromMs: performance.now() + this.#options.listingDelayMs(),
    };
    this.#photos.set(stored.id, stored);
    return stored;
  }

  find(id: string): StoredLivePhoto | undefined {
    return this.#photos.get(id);
  }

  /** @returns whether there was one. */
  delete(id: string): boolean {
    return this.#photos.delete(id);
  }

  /** All of them, oldest first. */
  all(): StoredLivePhoto[] {
    return [...this.#photos.values()];
  }

  /** One client's, newest first; for an unknown client ID an empty list, as ComplyCube answers it. */
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

  /** The newest that are not this client's. */
  newestOfOthers({ clientId }: { clientId: string }): StoredLivePhoto[] {
    return this.#listed()
      .filter((photo) => photo.clientId !== clientId)
      .slice(0, maxOthers);
  }

  /** Newest first, by the order of adding: two photos may have the same `createdAt`. */
  #listed(): StoredLivePhoto[] {
    const now = performance.now();
    return this.all()
      .filter(({ listedFromMs }) => listedFromMs <= now)
      .reverse();
  }
}
