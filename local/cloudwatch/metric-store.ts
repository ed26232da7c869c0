/** What tells one metric from another in CloudWatch: the same name with other dimensions is another metric. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric that something was published for. */
export interface PublishedMetric extends MetricId {
  /** As CloudWatch names it: `Count`, `Milliseconds`, `Bytes` … */
  readonly unit: string;
}

interface Published extends PublishedMetric {
  readonly samples: { readonly atMs: number; readonly value: number }[];
}

/** The metrics of one account, every published value as it came. */
export class MetricStore {
  private readonly metrics = new Map<string, Published>();

  /** Every metric that something was published for. */
  get published(): readonly PublishedMetric[] {
    return [...this.metrics.values()];
  }

  /**
   * Publishes a value.
   * @throws when the metric was published in another unit before: CloudWatch would keep the two apart.
   */
  put({ unit, ...id }: PublishedMetric, atMs: number, value: number): void {
    const metric = this.metrics.get(keyOf(id)) ?? { ...id, unit, samples: [] };
    if (metric.unit !== unit) throw new Error(`${id.name} is published in ${metric.unit} and in ${unit}`);
    metric.samples.push({ atMs, value });
    this.metrics.set(keyOf(id), metric);
  }

  /** A metric as it was published; undefined when nothing was. */
  find(id: MetricId): PublishedMetric | undefined {
    return this.metrics.get(keyOf(id));
  }

  /** The values from one time, inclusive, to another, exclusive; in milliseconds since 1970. */
  valuesOf(id: MetricId, fromMs: number, toMs: number): number[] {
    const { samples = [] } = this.metrics.get(keyOf(id)) ?? {};
    return samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ value }) => value);
  }
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
