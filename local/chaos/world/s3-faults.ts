import { S3Error, type S3ErrorCode } from 'local-aws/s3/errors';
import type { S3BodyFaultName, S3Fault, S3FaultAfter, S3FaultName } from 'local-aws/s3/faults';
import type { FaultableCall } from 'local-aws/s3/faultable-call';
import { Draws } from '../plan/draws';

type FaultName = S3ErrorCode | S3FaultName | S3BodyFaultName;

/** Errors, and answers of a proxy. They occur before or after the request takes effect. */
const quickFaults: readonly [FaultName, ...FaultName[]] = ['InternalError', 'SlowDown', 'html-502', 'reset'];
/** Answers of S3 which imply that the request took no effect. */
const quickFaultsBefore = [...quickFaults, 'AccessDenied', 'OperationAborted', 'html-403', 'html-404'] as const;
/** These delay a photo until its deadline, so they are rarer. */
const slowFaults: readonly [FaultName, ...FaultName[]] = ['hang', 'stall', 'drip', 'reset-in-body'];

const quickChance = 0.05;
const slowChance = 0.008;
/** The maximum number of consecutive failures. The SDK makes three attempts. */
const mostInARow = 5;
const withBody = ['GetObject', 'GetObjectTagging'];

interface PendingFaults {
  remaining: number;
  readonly name: FaultName;
  /** Whether the failed requests take effect. */
  readonly isAfter: boolean;
}

/** Faults of the function's requests to S3, drawn from the seed for each object and operation. */
export class S3Faults {
  /** Number of failed requests, by fault. */
  readonly counts: Partial<Record<FaultName, number>> = {};
  private readonly pending = new Map<string, PendingFaults>();

  /** @param accessKeyPrefix the start of the function's access key ID. Requests of others have no faults. */
  constructor(
    private readonly seed: number,
    private readonly accessKeyPrefix: string,
  ) {}

  /** Faults before a request takes effect. */
  readonly before = (call: FaultableCall): S3Fault | undefined =>
    toFault(this.take(call, false)) as S3Fault | undefined;

  /** Faults after a request took effect. */
  readonly after = (call: FaultableCall): S3FaultAfter | undefined => toFault(this.take(call, true));

  private take({ operation, key = '', accessKeyId }: FaultableCall, isAfter: boolean): FaultName | undefined {
    if (accessKeyId?.startsWith(this.accessKeyPrefix) !== true) return undefined;
    // A claim's key starts with a hash of the photo object's key. The version after it differs in each run.
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

/** S3's error codes start with a capital letter. */
function toFault(name: FaultName | undefined): S3FaultAfter | undefined {
  if (name === undefined) return undefined;
  return /^[A-Z]/.test(name) ? new S3Error(name as S3ErrorCode) : (name as S3FaultName | S3BodyFaultName);
}
