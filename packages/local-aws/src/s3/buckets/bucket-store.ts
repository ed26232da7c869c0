import { Bucket } from './bucket';
import { S3Error } from '../errors';

/** The buckets of one server, in memory. */
export class BucketStore {
  readonly #buckets = new Map<string, Bucket>();
  #lastSequence = 0;

  /** All buckets, by name. */
  list(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** @throws S3Error NoSuchBucket. */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
    return bucket;
  }

  /** @throws S3Error InvalidBucketName or BucketAlreadyOwnedByYou. */
  create(name: string): Bucket {
    // S3's user guide, "General purpose bucket naming rules".
    const isValid = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
    if (!isValid) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
    if (this.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: name } });
    const bucket = new Bucket(name, () => this.#nextSequence());
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** @throws S3Error NoSuchBucket or BucketNotEmpty. */
  delete(name: string): void {
    if (!this.get(name).isEmpty) throw new S3Error('BucketNotEmpty', { details: { BucketName: name } });
    this.#buckets.delete(name);
  }

  /** Microseconds since 1970, or the next number after the last: sequencers of a later run sort after an earlier run's. */
  #nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, Date.now() * 1000);
    return this.#lastSequence;
  }
}
