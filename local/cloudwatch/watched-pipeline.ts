import type { InvocationReport } from 'local-aws/lambda/invocation-report';
import { type LocalPipeline, type PipelineOptions, startPipeline } from '../pipeline/pipeline';
import { readEmbeddedMetrics } from './embedded-metrics';
import { MetricStore } from './metric-store';

/** CloudWatch's time, which passes faster than real time. */
export interface CloudWatchClock {
  /** Maximum speed, relative to real time. */
  readonly speed: number;
  /** Converts real time to CloudWatch's time. */
  at(realMs: number): number;
  now(): number;
}

/** @returns a clock that starts at a full hour. */
function startClock(speed: number): CloudWatchClock {
  const hourMs = 3_600_000;
  const realStartMs = Date.now();
  const startMs = Math.floor(realStartMs / hourMs) * hourMs;
  const at = (realMs: number): number => startMs + (realMs - realStartMs) * speed;
  return { speed, at, now: () => at(Date.now()) };
}

/** A local pipeline and the metrics that CloudWatch would have of it. */
export interface WatchedPipeline {
  readonly pipeline: LocalPipeline;
  readonly metrics: MetricStore;
  readonly clock: CloudWatchClock;
  /** Errors in log lines that publish metrics: CloudWatch would ignore these lines. */
  readonly faults: readonly string[];
  /** Stops the pipeline. Its metrics remain. */
  stop(): Promise<void>;
}

/** SQS publishes metrics each minute (SQS developer guide, "Available CloudWatch metrics for Amazon SQS"). */
const queueMetricsEveryMs = 60_000;

/**
 * Starts a local pipeline and collects its metrics: the function's from its log, Lambda's of each invocation, and SQS's of each
 * queue. CloudWatch's time passes as fast as the waits in the queue.
 *
 * Supported metrics of AWS: AWS/Lambda Errors, Throttles and Duration; AWS/SQS ApproximateNumberOfMessagesVisible,
 * ApproximateNumberOfMessagesNotVisible and NumberOfMessagesReceived.
 */
export async function startWatchedPipeline(
  options: PipelineOptions & {
    readonly waitSpeed: number;
    /** Default: passes as fast as the waits in the queue. */
    readonly clock?: CloudWatchClock;
  },
): Promise<WatchedPipeline> {
  const metrics = new MetricStore();
  const { clock = startClock(options.waitSpeed) } = options;
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
  const putQueueMetrics = queueMetricsOf(pipeline, metrics);
  const watch = setInterval(() => putQueueMetrics(clock.now()), queueMetricsEveryMs / clock.speed);
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

/** Lambda's metrics (Lambda developer guide, "Types of metrics for Lambda functions"). */
function putReport({ functionName, outcome, durationMs }: InvocationReport, metrics: MetricStore, atMs: number): void {
  const put = (name: string, unit: string, value: number): void => {
    metrics.put({ namespace: 'AWS/Lambda', name, unit, dimensions: { FunctionName: functionName } }, atMs, value);
  };
  put('Throttles', 'Count', outcome === 'throttled' ? 1 : 0);
  if (outcome === 'throttled') return; // not counted as an invocation
  put('Errors', 'Count', outcome === 'failed' ? 1 : 0);
  if (durationMs !== undefined) put('Duration', 'Milliseconds', durationMs);
}

/** @returns a function that publishes the metrics of both queues. */
function queueMetricsOf({ sqs, deployment }: LocalPipeline, metrics: MetricStore): (atMs: number) => void {
  const queues = [deployment.eventSource.queueArn, deployment.deadLetterQueueArn].map((arn) => ({ arn, counted: 0 }));
  return (atMs) => {
    for (const queue of queues) {
      const { ready, inFlight } = sqs.depth(queue.arn);
      const received = sqs.received(queue.arn);
      const put = (name: string, value: number): void => {
        const dimensions = { QueueName: queue.arn.replace(/.*:/, '') };
        metrics.put({ namespace: 'AWS/SQS', name, unit: 'Count', dimensions }, atMs, value);
      };
      put('ApproximateNumberOfMessagesVisible', ready);
      put('ApproximateNumberOfMessagesNotVisible', inFlight);
      put('NumberOfMessagesReceived', received - queue.counted);
      queue.counted = received;
    }
  };
}
