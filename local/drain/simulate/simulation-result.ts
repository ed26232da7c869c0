import type { Scenario } from './scenarios';
import type { SimulationSettings } from './simulate';
import type { SimulationFigures } from './simulation-figures';

/** One object of the JSON output. `docs/measurements.md` documents its fields. */
export interface SimulationResult extends SimulationFigures, Omit<SimulationSettings, 'timeoutMs'> {
  readonly scenario: string;
  readonly latencyMs: number;
  /** Null: all photos are in the queue at the start. */
  readonly uploadsPerSecond: number | null;
  /** Null: no outage. */
  readonly outageFromHour: number | null;
  readonly outageHours: number | null;
  readonly outageStatus: number | null;
}

/** Describes a simulation and its figures. */
export function describeSimulation(
  { name, latencyMs, uploadHours, outage }: Scenario,
  { photos, requestsPerSecond, concurrency, seed }: SimulationSettings,
  figures: SimulationFigures,
): SimulationResult {
  return {
    scenario: name,
    ...{ photos, requestsPerSecond, concurrency, seed, latencyMs },
    uploadsPerSecond: uploadHours === 0 ? null : Number((photos / uploadHours / 3600).toFixed(3)),
    outageFromHour: outage?.fromHour ?? null,
    outageHours: outage?.hours ?? null,
    outageStatus: outage?.status ?? null,
    ...figures,
  };
}
