import { randomBytes } from 'node:crypto';
import { invalidArgument, S3Error } from '../errors';
import type { ObjectMetadata } from '../objects/object-metadata';
import type { TagSet } from '../objects/tags';
import type { Checksum } from '../requests/checksums';
import { compareKeys } from './sorted-keys';

/** The content of an object version. */
export interface ObjectContent {
  readonly bytes: Buffer;
  /** The body's MD5 in hex, without quotes. */
  readonly eTag: string;
  readonly checksum: Checksum;
  readonly metadata: ObjectMetadata;
  /** The only part of a version that can change. */
  tags: TagSet;
}

interface VersionIdentity {
  /** The string `null` in a bucket without versioning. */
  readonly versionId: string;
  /** Increases with every version in this server. */
  readonly sequence: number;
  /** In whole seconds, like HTTP's dates. */
  readonly lastModified: Date;
}

/** A version of an object. */
export interface ObjectVersion extends VersionIdentity, ObjectContent {
  readonly isDeleteMarker: false;
}

/** The version that a delete without a version ID creates in a versioned bucket. */
export interface DeleteMarker extends VersionIdentity {
  readonly isDeleteMarker: true;
}

/** One version of a key. */
export type KeyVersion = ObjectVersion | DeleteMarker;

/** A rule of a bucket's CORSConfiguration: which pages of other origins may call the bucket, and how. */
export interface CorsRule {
  /** Each may contain one `*`. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  /** Each may contain one `*`. Case-insensitive. */
  readonly allowedHeaders?: readonly string[];
  readonly exposedHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** A bucket: the versions of each key. */
export class Bucket {
  readonly createdAt = new Date();
  readonly #versions = new Map<string, readonly KeyVersion[]>();
  /** Sorted keys; undefined after a change of the keys. */
  #sortedKeys: readonly string[] | undefined;

  constructor(
    readonly name: string,
    readonly isVersioned: boolean,
    readonly corsRules: readonly CorsRule[],
    private readonly nextSequence: () => number,
  ) {}

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** The keys that have versions, including delete markers, in UTF-8 binary order. */
  keysInOrder(): readonly string[] {
    return (this.#sortedKeys ??= [...this.#versions.keys()].sort(compareKeys));
  }

  /** A key's versions, newest first. */
  versionsOf(key: string): readonly KeyVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** A key's newest version; undefined if it is a delete marker. */
  currentObject(key: string): ObjectVersion | undefined {
    const [current] = this.versionsOf(key);
    return current?.isDeleteMarker === false ? current : undefined;
  }

  /** @throws S3Error InvalidArgument for a malformed version ID. */
  versionById(key: string, versionId: string): KeyVersion | undefined {
    const isPossible = versionId === 'null' || (this.isVersioned && isVersionId(versionId));
    if (!isPossible) throw invalidArgument('versionId', versionId, 'Invalid version id specified');
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

  /** Deletes a version permanently. */
  removeVersion(key: string, versionId: string): void {
    const remaining = this.versionsOf(key).filter((version) => version.versionId !== versionId);
    if (remaining.length > 0) this.#versions.set(key, remaining);
    else if (this.#versions.delete(key)) this.#sortedKeys = undefined;
  }

  #add<Version extends KeyVersion>(key: string, version: Version): Version {
    if (!this.#versions.has(key)) this.#sortedKeys = undefined;
    // Without versioning, the new version replaces the one with the ID "null".
    const others = this.versionsOf(key).filter(({ versionId }) => versionId !== version.versionId);
    this.#versions.set(key, [version, ...others]);
    return version;
  }

  #newIdentity(): VersionIdentity {
    const sequence = this.nextSequence();
    return {
      sequence,
      versionId: this.isVersioned ? newVersionId(sequence) : 'null',
      lastModified: new Date(Math.floor(Date.now() / 1000) * 1000),
    };
  }
}

/** How to create a bucket. */
export interface NewBucket {
  readonly name: string;
  readonly isVersioned: boolean;
  readonly corsRules: readonly CorsRule[];
}

/** The buckets of one server, in memory. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  #lastSequence = 0;

  /** All buckets, by name. */
  list(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error NoSuchBucket. */
  get(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket === undefined) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
    return bucket;
  }

  /** @throws S3Error InvalidBucketName or BucketAlreadyOwnedByYou. */
  create({ name, isVersioned, corsRules }: NewBucket): Bucket {
    // S3 user guide, "General purpose bucket naming rules".
    const isValid = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
    if (!isValid) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
    if (this.#buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: name } });
    const bucket = new Bucket(name, isVersioned, corsRules, () => this.#nextSequence());
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** @throws S3Error NoSuchBucket or BucketNotEmpty. */
  delete(name: string): void {
    if (!this.get(name).isEmpty) throw new S3Error('BucketNotEmpty', { details: { BucketName: name } });
    this.#buckets.delete(name);
  }

  /** Microseconds since 1970, or the last sequence plus 1. A later run has greater sequences than an earlier one. */
  #nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, Date.now() * 1000);
    return this.#lastSequence;
  }
}

const sequenceDigits = 10;

/** 32 characters, like S3's. The last ten contain the sequence, so that a list can continue after a removed version. */
function newVersionId(sequence: number): string {
  const random = randomBytes(16).toString('base64url').replace(/-/g, '.');
  return random + sequence.toString(36).padStart(sequenceDigits, '0');
}

function isVersionId(text: string): boolean {
  return /^[\w.]{22}[0-9a-z]{10}$/.test(text);
}

/** The sequence in a version ID; infinite for `null`, which has none. */
export function sequenceOf(versionId: string): number {
  return isVersionId(versionId) ? parseInt(versionId.slice(-sequenceDigits), 36) : Infinity;
}
