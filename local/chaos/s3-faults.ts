import { S3Error } from '../s3/errors';
import type { FaultableCall } from '../s3/server';
import { Draws } from './draws';

/** What the function asks of S3 about photo objects; what the app asks goes well. */
const photoOperations = ['GetObject', 'GetObjectTagging', 'PutObjectTagging'];
const claimOperations = ['PutObject', 'GetObject', 'DeleteObject'];

const chanceOfFaults = 0.05;
/** Up to so many requests fail one after another; the SDK gives up after three. */
const mostInARow = 5;

interface PendingFaults {
  remaining: number;
  readonly code: 'InternalError' | 'SlowDown';
  /** Whether the requests take effect all the same. */
  readonly isAfter: boolean;
}

/** S3's faults towards the function: for each object and operation its own, drawn from the seed. */
export class S3Faults {
  /** How many requests failed, by the error's code. */
  readonly counts: Record<PendingFaults['code'], number> = { InternalError: 0, SlowDown: 0 };
  /** Once set, every request goes well. */
  isOver = false;
  private readonly pending = new Map<string, PendingFaults>();

  constructor(private readonly seed: number) {}

  /** For requests that fail before they take effect. */
  readonly before = (call: FaultableCall): S3Error | undefined => this.take(call, false);

  /** For requests that fail after they did. */
  readonly after = (call: FaultableCall): S3Error | undefined => this.take(call, true);

  private take({ operation, key = '' }: FaultableCall, isAfter: boolean): S3Error | undefined {
    // A claim's key begins with a hash of its photo object's, and goes on with the version, another in each run.
    const [, hash] = /^([0-9a-f]{64})\//.exec(key) ?? [];
    const operations = hash === undefined ? photoOperations : claimOperations;
    if (this.isOver || !operations.includes(operation)) return undefined;
    const faults = this.faultsOf(`${operation} ${hash ?? key}`);
    if (faults.remaining === 0 || faults.isAfter !== isAfter) return undefined;
    faults.remaining -= 1;
    this.counts[faults.code] += 1;
    return new S3Error(faults.code);
  }

  private faultsOf(name: string): PendingFaults {
    const standing = this.pending.get(name);
    if (standing !== undefined) return standing;
    const draws = new Draws(this.seed, `S3 ${name}`);
    const drawn: PendingFaults = {
      remaining: draws.isHit(chanceOfFaults) ? draws.whole(1, mostInARow) : 0,
      code: draws.oneOf(['InternalError', 'SlowDown']),
      isAfter: draws.isHit(0.3),
    };
    this.pending.set(name, drawn);
    return drawn;
  }
}
