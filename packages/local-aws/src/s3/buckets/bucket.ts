import { randomBytes } from 'node:crypto';
import type { Checksum } from '../requests/checksums';
import type { CorsRule } from './cors';
import { S3Error } from '../errors';
import type { ObjectMetadata } from '../objects/object-metadata';
import { SortedKeys } from './sorted-keys';
import type { TagSet } from '../objects/tags';

/** What an object version holds. */
export interface ObjectContent {
  readonly bytes: Buffer;
  /** The body's MD5 in hex, without quotes. */
  readonly eTag: string;
  readonly checksum: Checksum;
  readonly metadata: ObjectMetadata;
  /** A version is immutable but for its tags. */
  tags: TagSet;
}

interface VersionIdentity {
  /** `null`, the text, for a version made while the bucket was not versioned. */
  readonly versionId: string;
  /** Grows with every version made by this server. */
  readonly sequence: number;
  /** Cut to the second, like HTTP's dates. */
  readonly lastModified: Date;
}

/** A version of an object. */
export interface ObjectVersion extends VersionIdentity, ObjectContent {
  readonly isDeleteMarker: false;
}

/** The version that a plain delete makes in a versioned bucket. */
export interface DeleteMarker extends VersionIdentity {
  readonly isDeleteMarker: true;
}

/** One version of a key. */
export type KeyVersion = ObjectVersion | DeleteMarker;

/** Whether versions are kept; `Never` until versioning is first set. */
export type Versioning = 'Never' | 'Enabled' | 'Suspended';

/** A bucket: for each key its versions, and the keys in order. */
export class Bucket {
  versioning: Versioning = 'Never';
  corsRules: readonly CorsRule[] = [];
  readonly createdAt = new Date();
  readonly #keys = new SortedKeys();
  readonly #versions = new Map<string, readonly KeyVersion[]>();

  constructor(
    readonly name: string,
    private readonly nextSequence: () => number,
  ) {}

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** The keys that have versions, be they delete markers, in UTF-8 binary order. */
  keysInOrder(): readonly string[] {
    return this.#keys.inOrder();
  }

  /** A key's versions, newest first. */
  versionsOf(key: string): readonly KeyVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** A key's newest version; `undefined` also when this is a delete marker. */
  currentObject(key: string): ObjectVersion | undefined {
    const [current] = this.versionsOf(key);
    return current?.isDeleteMarker === false ? current : undefined;
  }

  /**
   * Finds a version by its ID.
   * @throws S3Error InvalidArgument for an ID that this bucket cannot have given out.
   */
  versionById(key: string, versionId: string): KeyVersion | undefined {
    const isPossible = versionId === 'null' || (this.versioning !== 'Never' && isVersionId(versionId));
    if (!isPossible) throw invalidVersionId(versionId);
    return this.versionsOf(key).find((version) => version.versionId === versionId);
  }

  /** Stores an object as the key's newest version. */
  addObject(key: string, content: ObjectContent): ObjectVersion {
    return this.#add(key, { ...this.#newIdentity(), isDeleteMarker: false, ...content });
  }

  /** Hides the key's object behind a delete marker. */
  addDeleteMarker(key: string): DeleteMarker {
    return this.#add(key, { ...this.#newIdentity(), isDeleteMarker: true });
  }

  /** Removes a version for good. */
  removeVersion(key: string, versionId: string): void {
    this.#setVersions(
      key,
      this.versionsOf(key).filter((version) => version.versionId !== versionId),
    );
  }

  #add<Version extends KeyVersion>(key: string, version: Version): Version {
    // There is at most one version with the ID "null" (S3's user guide, "Adding objects to versioning-suspended buckets").
    const kept = this.versionsOf(key).filter(({ versionId }) => versionId !== version.versionId);
    this.#setVersions(key, [version, ...kept]);
    return version;
  }

  #setVersions(key: string, versions: readonly KeyVersion[]): void {
    const isKnown = this.#versions.has(key);
    if (versions.length > 0) {
      if (!isKnown) this.#keys.add(key);
      this.#versions.set(key, versions);
    } else if (isKnown) {
      this.#keys.remove(key);
      this.#versions.delete(key);
    }
  }

  #newIdentity(): VersionIdentity {
    const sequence = this.nextSequence();
    return {
      sequence,
      versionId: this.versioning === 'Enabled' ? newVersionId(sequence) : 'null',
      lastModified: new Date(Math.floor(Date.now() / 1000) * 1000),
    };
  }
}

const sequenceDigits = 10;

/** 32 characters, as S3's; the last ten hold the sequence, so that a list can go on behind a version since removed. */
function newVersionId(sequence: number): string {
  const random = randomBytes(16).toString('base64url').replace(/-/g, '.');
  return random + sequence.toString(36).padStart(sequenceDigits, '0');
}

function isVersionId(text: string): boolean {
  return /^[\w.]{22}[0-9a-z]{10}$/.test(text);
}

/** The sequence of the version that has, or had, an ID; infinite for `null`, which does not tell. */
export function sequenceOf(versionId: string): number {
  return isVersionId(versionId) ? parseInt(versionId.slice(-sequenceDigits), 36) : Infinity;
}

function invalidVersionId(versionId: string): S3Error {
  return new S3Error('InvalidArgument', {
    message: 'Invalid version id specified',
    details: { ArgumentName: 'versionId', ArgumentValue: versionId },
  });
}
