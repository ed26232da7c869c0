import { AwsJsonError } from 'local-aws/aws-json-error';
import type { AwsJsonFault, AwsJsonFaults } from 'local-aws/aws-json-protocol';
import { Draws } from '../plan/draws';

type FaultName = 'error' | 'throttling' | 'reset' | 'hang';

/** How likely each of a service's requests fails, and in what way. A request that hangs takes five seconds. */
const chance = 0.06;
const names: readonly [FaultName, ...FaultName[]] = ['error', 'error', 'throttling', 'reset', 'hang'];

/** Faults of the function's requests to one service that speaks an AWS JSON protocol, drawn from the seed one after another. */
export class ServiceFaults implements AwsJsonFaults {
  /** How many requests failed, by the fault. */
  readonly counts: Partial<Record<FaultName, number>> = {};
  private readonly draws: Draws;

  /** @param operations those that fail. */
  constructor(
    seed: number,
    service: string,
    private readonly operations: readonly string[],
  ) {
    this.draws = new Draws(seed, service);
  }

  /** For requests that fail before they take effect. */
  readonly fault: AwsJsonFault = (operation) => this.take(operation, chance);

  /** For requests that fail afterwards. */
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
