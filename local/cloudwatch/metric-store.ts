/** Identifies a metric. The same name with different dimensions is a different metric. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric with its unit. */
export interface PublishedMetric extends MetricId {
  /** CloudWatch's name of the unit, such as `Count`, `Milliseconds` or `Bytes`. */
  readonly unit: string;
}

interface Published extends PublishedMetric {
  readonly samples: { readonly atMs: number; readonly value: number }[];
}

/** All published values of all metrics. */
export class MetricStore {
  private readonly metrics = new Map<string, Published>();

  /** @throws if the metric was published in another unit: CloudWatch would store it as a separate metric. */
  put({ unit, ...id }: PublishedMetric, atMs: number, value: number): void {
    const metric = this.metrics.get(keyOf(id)) ?? { ...id, unit, samples: [] };
    if (metric.unit !== unit) throw new Error(`${id.name} is published in ${metric.unit} and in ${unit}`);
    metric.samples.push({ atMs, value });
    this.metrics.set(keyOf(id), metric);
  }

  /** @returns undefined if nothing was published for the metric. */
  find(id: MetricId): PublishedMetric | undefined {
    return this.metrics.get(keyOf(id));
  }

  /** @param fromMs in milliseconds since 1970, inclusive. @param toMs exclusive. */
  valuesOf(id: MetricId, fromMs: number, toMs: number): number[] {
    const { samples = [] } = this.metrics.get(keyOf(id)) ?? {};
    return samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ value }) => value);
  }
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
