import { AwsJsonError } from 'local-aws/aws-json-error';
import type { AwsJsonFault, AwsJsonFaults } from 'local-aws/aws-json-protocol';
import { Draws } from '../plan/draws';

type FaultName = 'error' | 'throttling' | 'reset' | 'hang';

/** Probabilities of a service's faults. A request that hangs takes five seconds. */
const chance = 0.06;
const names: readonly [FaultName, ...FaultName[]] = ['error', 'error', 'throttling', 'reset', 'hang'];

/** Faults of the function's requests to a service with an AWS JSON protocol, drawn from the seed one after another. */
export class ServiceFaults implements AwsJsonFaults {
  /** Number of failed requests, by fault. */
  readonly counts: Partial<Record<FaultName, number>> = {};
  private readonly draws: Draws;

  /** @param operations the operations that can fail. */
  constructor(
    seed: number,
    service: string,
    private readonly operations: readonly string[],
  ) {
    this.draws = new Draws(seed, service);
  }

  /** Faults before a request takes effect. */
  readonly fault: AwsJsonFault = (operation) => this.take(operation, chance);

  /** Faults after a request took effect. */
  readonly faultAfter: AwsJsonFault = (operation) => this.take(operation, chance / 2);

  private take(operation: string, likely: number): ReturnType<AwsJsonFault> {
    if (!this.operations.includes(operation) || !this.draws.isHit(likely)) return undefined;
    const name = this.draws.oneOf(names);
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    switch (name) {
      case 'error':
        return new AwsJsonError('InternalFailure', 'An internal error occurred', { status: 500 });
      case 'throttling':
        return new AwsJsonError('ThrottlingException', 'Rate exceeded');
      case 'reset':
      case 'hang':
        return name;
    }
  }
}
