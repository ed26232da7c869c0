import { S3Error, type S3ErrorCode } from 'local-aws/s3/errors';
import type { S3BodyFaultName, S3Fault, S3FaultAfter, S3FaultName } from 'local-aws/s3/faults';
import type { FaultableCall } from 'local-aws/s3/faultable-call';
import { Draws } from '../plan/draws';

type FaultName = S3ErrorCode | S3FaultName | S3BodyFaultName;

/** Errors, and answers that are not S3's: whether or not the request took effect. */
const quickFaults: readonly [FaultName, ...FaultName[]] = ['InternalError', 'SlowDown', 'html-502', 'reset'];
/** Only before a request takes effect: an answer of S3 that says so. */
const quickFaultsBefore = [...quickFaults, 'AccessDenied', 'OperationAborted', 'html-403', 'html-404'] as const;
/** These hold a photo until its deadline, so they are rarer. */
const slowFaults: readonly [FaultName, ...FaultName[]] = ['hang', 'stall', 'drip', 'reset-in-body'];

const quickChance = 0.05;
const slowChance = 0.008;
/** How many requests fail one after another, at most; the SDK gives up after three. */
const mostInARow = 5;
const withBody = ['GetObject', 'GetObjectTagging'];

interface PendingFaults {
  remaining: number;
  readonly name: FaultName;
  /** Whether the requests take effect nevertheless. */
  readonly isAfter: boolean;
}

/** S3's faults of the function's requests: for each object and operation its own, drawn from the seed. */
export class S3Faults {
  /** How many requests failed, by the fault. */
  readonly counts: Partial<Record<FaultName, number>> = {};
  private readonly pending = new Map<string, PendingFaults>();

  /** @param accessKeyId of the function: requests of others succeed. */
  constructor(
    private readonly seed: number,
    private readonly accessKeyId: string,
  ) {}

  /** For requests that fail before they take effect. */
  readonly before = (call: FaultableCall): S3Fault | undefined =>
    toFault(this.take(call, false)) as S3Fault | undefined;

  /** For requests that fail afterwards. */
  readonly after = (call: FaultableCall): S3FaultAfter | undefined => toFault(this.take(call, true));

  private take({ operation, key = '', accessKeyId }: FaultableCall, isAfter: boolean): FaultName | undefined {
    if (accessKeyId !== this.accessKeyId) return undefined;
    // A claim's key begins with a hash of its photo object's key, and goes on with the version, another one in each run.
    const [hash = key] = /^[0-9a-f]{64}(?=\/)/.exec(key) ?? [];
    const faults = this.faultsOf(operation, hash);
    if (faults.remaining === 0 || faults.isAfter !== isAfter) return undefined;
    faults.remaining -= 1;
    this.counts[faults.name] = (this.counts[faults.name] ?? 0) + 1;
    return faults.name;
  }

  private faultsOf(operation: string, object: string): PendingFaults {
    const name = `${operation} ${object}`;
    const known = this.pending.get(name);
    if (known !== undefined) return known;
    const drawn = drawFaults(new Draws(this.seed, `S3 ${name}`), withBody.includes(operation));
    this.pending.set(name, drawn);
    return drawn;
  }
}

function drawFaults(draws: Draws, hasBody: boolean): PendingFaults {
  if (draws.isHit(slowChance)) {
    const name = hasBody ? draws.oneOf(slowFaults) : 'hang';
    return { remaining: draws.oneOf([1, 1, 2]), name, isAfter: name !== 'hang' || draws.isHit(0.5) };
  }
  const isAfter = draws.isHit(0.3);
  const remaining = draws.isHit(quickChance) ? draws.whole(1, mostInARow) : 0;
  return { remaining, name: draws.oneOf(isAfter ? quickFaults : quickFaultsBefore), isAfter };
}

/** S3's own codes begin with a capital. */
function toFault(name: FaultName | undefined): S3FaultAfter | undefined {
  if (name === undefined) return undefined;
  return /^[A-Z]/.test(name) ? new S3Error(name as S3ErrorCode) : (name as S3FaultName | S3BodyFaultName);
}
