import { deadLetterReasonCodes, type ErasureReasonCode } from '../../contract/dead-letter-reasons';

/** An erasure that must not or can't be done. Its message goes to the dead-letter queue at once. */
export class DeadLetterError extends Error {
  constructor(readonly reason: ErasureReasonCode) {
    super(deadLetterReasonCodes[reason]);
  }
}
