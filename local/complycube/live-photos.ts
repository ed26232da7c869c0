import { createHash, randomBytes } from 'node:crypto';

/** What an upload holds, once it was found to be in order. */
export interface NewLivePhoto {
  clientId: string;
  bytes: Buffer;
  contentType: 'image/jpeg' | 'image/png';
  performLivenessCheck: boolean;
}

/** A live photo that the stand-in keeps, with its bytes. */
export interface StoredLivePhoto extends NewLivePhoto {
  /** 24 hex digits, as in each of ComplyCube's examples. */
  id: string;
  /** Of the bytes, in hex: the same twice for one client is a duplicate. */
  sha256: string;
  createdAt: Date;
}

/** One page of a list, as ComplyCube answers it (API reference, Pagination). */
export interface Page {
  page: number;
  pageSize: number;
  totalItems: number;
  pages: number;
  items: StoredLivePhoto[];
}

/** The live photos of one account, in memory. */
export class LivePhotos {
  readonly #photos = new Map<string, StoredLivePhoto>();
  readonly #onAdded: (photo: StoredLivePhoto) => void;

  /** @param onAdded told of each live photo as soon as it is stored. */
  constructor(onAdded: (photo: StoredLivePhoto) => void) {
    this.#onAdded = onAdded;
  }

  add(photo: NewLivePhoto): StoredLivePhoto {
    const stored: StoredLivePhoto = {
      ...photo,
      id: randomBytes(12).toString('hex'),
      sha256: createHash('sha256').update(photo.bytes).digest('hex'),
      createdAt: new Date(),
    };
    this.#photos.set(stored.id, stored);
    this.#onAdded(stored);
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

  /** One client's, newest first; a client ID that names nobody has an empty list, as ComplyCube answers it. */
  list({ clientId, page, pageSize }: { clientId: string; page: number; pageSize: number }): Page {
    // The order of adding, not createdAt: two photos may share a millisecond.
    const newestFirst = this.all()
      .filter((photo) => photo.clientId === clientId)
      .reverse();
    return {
      page,
      pageSize,
      totalItems: newestFirst.length,
      pages: Math.ceil(newestFirst.length / pageSize),
      items: newestFirst.slice((page - 1) * pageSize, page * pageSize),
    };
  }
}
