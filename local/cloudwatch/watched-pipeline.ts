import type { InvocationReport } from 'local-aws/lambda/invocation-report';
import { type LocalPipeline, type PipelineOptions, startPipeline } from '../pipeline/pipeline';
import { type CloudWatchClock, CollectedClock } from './collected-clock';
import { readEmbeddedMetrics } from './embedded-metrics';
import { MetricStore } from './metric-store';

/** A local pipeline, and what CloudWatch would know of it. */
export interface WatchedPipeline {
  readonly pipeline: LocalPipeline;
  readonly metrics: MetricStore;
  readonly clock: CloudWatchClock;
  /** Log lines that publish metrics in a way that CloudWatch would drop. */
  readonly faults: readonly string[];
  /** Ends the pipeline; its metrics stay. */
  stop(): Promise<void>;
}

/** SQS publishes each minute (SQS developer guide, "Available CloudWatch metrics for Amazon SQS"). */
const queueMetricsEveryMs = 60_000;

/**
 * Starts a local pipeline whose time passes faster for CloudWatch, by as much as the waits in its queue do, and collects what it
 * publishes: the function's own metrics from its log, Lambda's of each invocation, and SQS's of each queue.
 *
 * Of AWS's own metrics these are known: AWS/Lambda Errors, Throttles, Duration; AWS/SQS ApproximateNumberOfMessagesVisible and
 * ApproximateNumberOfMessagesNotVisible.
 */
export async function startWatchedPipeline(
  options: PipelineOptions & {
    readonly waitSpeed: number;
    /** Default: passes as fast as the waits in the queue do. */
    readonly clock?: CloudWatchClock;
  },
): Promise<WatchedPipeline> {
  const metrics = new MetricStore();
  const { clock = new CollectedClock(options.waitSpeed) } = options;
  const faults: string[] = [];
  const pipeline = await startPipeline({
    ...options,
    onLogLine: (line) => {
      try {
        for (const { metric, atMs, value } of readEmbeddedMetrics(line)) metrics.put(metric, clock.at(atMs), value);
      } catch (error) {
        faults.push((error as Error).message);
      }
      options.onLogLine?.(line);
    },
    onReport: (report) => {
      putReport(report, metrics, clock.now());
      options.onReport?.(report);
    },
  });
  const watch = setInterval(() => {
    putQueueDepths(pipeline, metrics, clock.now());
  }, queueMetricsEveryMs / clock.speed);
  return {
    pipeline,
    metrics,
    clock,
    faults,
    stop: async () => {
      clearInterval(watch);
      await pipeline.stop();
    },
  };
}

/** What Lambda publishes (Lambda developer guide, "Types of metrics for Lambda functions"). */
function putReport({ functionName, outcome, durationMs }: InvocationReport, metrics: MetricStore, atMs: number): void {
  const put = (name: string, unit: string, value: number): void => {
    metrics.put({ namespace: 'AWS/Lambda', name, unit, dimensions: { FunctionName: functionName } }, atMs, value);
  };
  put('Throttles', 'Count', outcome === 'throttled' ? 1 : 0);
  if (outcome === 'throttled') return; // that is no invocation
  put('Errors', 'Count', outcome === 'failed' ? 1 : 0);
  if (durationMs !== undefined) put('Duration', 'Milliseconds', durationMs);
}

function putQueueDepths({ sqs, deployment }: LocalPipeline, metrics: MetricStore, atMs: number): void {
  for (const arn of [deployment.eventSource.queueArn, deployment.deadLetterQueueArn]) {
    const { ready, inFlight } = sqs.depth(arn);
    const put = (name: string, value: number): void => {
      const dimensions = { QueueName: arn.replace(/.*:/, '') };
      metrics.put({ namespace: 'AWS/SQS', name, unit: 'Count', dimensions }, atMs, value);
    };
    put('ApproximateNumberOfMessagesVisible', ready);
    put('ApproximateNumberOfMessagesNotVisible', inFlight);
  }
}
