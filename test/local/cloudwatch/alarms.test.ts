import { afterEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { environmentNames } from '../../../contract/environment';
import { metadataNames } from '../../../contract/photo-rules';
import { jpeg, synthesizeForRuns, WatchedRun } from './watched-run';
import { erasureMessage } from '../../../contract/erasure-message';
import { withTimeout } from '../../../local/chaos/durations';
import { stateOf } from '../../../local/cloudwatch/alarm-evaluation';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import type { PipelineOptions } from '../../../local/pipeline/pipeline';
import type { SynthesizedStack } from '../../../local/pipeline/synthesize';
import type { TemplateResource } from '../../../local/pipeline/template';
import { until } from '../../until';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('the alarms', () => {
  const stack = synthesizeForRuns();
  let run: WatchedRun;
  const start = async (
    ...options: Parameters<typeof WatchedRun.start> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    run = await WatchedRun.start(stack, ...options);
  };

  afterEach(() => run.stop());

  it('stay OK during and after a healthy run with some rejections and short faults', async () => {
    await start();
    run.complyCube.fault({ fault: 'status', status: 500, count: 3 });
    run.complyCube.fault({ fault: 'status', status: 429, count: 2 });
    await run.putMany(40);
    await run.putMany(8, 'too small', jpeg.subarray(0, 1_000));
    await run.counted('PhotosRejected', 8);
    await run.counted('PhotosUploaded', 40);
    await run.putMany(5, 'later');
    await run.counted('PhotosUploaded', 45);
    expect(run.sumOf('PhotosRetried')).toBeGreaterThanOrEqual(5);
    expect(run.alarmsSoFar(3 * hourMs)).toEqual([]);
  });

  it('dead-letters fires when a message exceeds its maxReceiveCount', async () => {
    await start();
    const { sqs, deployment } = run.watched.pipeline;
    sqs.send(deployment.eventSource.queueArn, 'not an event');
    await run.alarmed('dead-letters');
    expect(sqs.depth(deployment.deadLetterQueueArn).ready).toBe(1);
    expect(run.alarmsSoFar()).toEqual(['dead-letters']);
  });

  it('not-received fires when the event source mapping is disabled while photos wait, and ends when it is enabled', async () => {
    await start();
    await run.watched.pipeline.eventSource.disable();
    await run.putMany(3);
    await run.alarmed('not-received');
    expect(run.alarmsSoFar()).toEqual(['not-received']);
    run.watched.pipeline.eventSource.enable();
    await run.counted('PhotosUploaded', 3);
    expect(run.alarmsAt(run.watched.clock.now() + hourMs)).toEqual([]);
  });

  it.each([
    ['a backlog of which a batch is received each five minutes', 5_000, [10, 0, 0, 0, 0], 'OK'],
    ['retries that wait', 0, [0], 'OK'],
    ['one message that is never received', 1, [0], 'ALARM'],
  ])('not-received for %s: state', async (_, visible, received, state) => {
    await start();
    const alarm = run.alarms.find(({ description }) => description.endsWith('#not-received'));
    if (alarm === undefined || !('operands' in alarm.query)) throw new Error('not-received is not an expression');
    const { operands } = alarm.query;
    const metrics = new MetricStore();
    const minutes = 60;
    for (let minute = 0; minute < minutes; minute++) {
      const values = { visible, received: received[minute % received.length] ?? 0 };
      for (const [id, value] of Object.entries(values)) {
        const { metric } = operands[id] ?? {};
        if (metric !== undefined) metrics.put({ ...metric, unit: 'Count' }, minute * 60_000, value);
      }
    }
    expect(stateOf(alarm, metrics, (minutes - 1) * 60_000)).toBe(state);
  });

  it('in-flight fires near SQS’s limit of messages in flight', async () => {
    const limit = 'ApproximateNumberOfMessagesNotVisible';
    await start({ stack: withThreshold(stack, limit, { current: 100_000, changed: 12 }) });
    run.complyCube.fault({ fault: 'status', status: 503, count: null });
    await run.putMany(12);
    await run.alarmed('in-flight');
    expect(run.alarmsSoFar()).toEqual(['in-flight']);
  });

  it('old-events fires for a single photo without an outcome after an hour, and stays until its next delivery', async () => {
    const held: string[] = [];
    await start({ onNotification: (body) => held.push(body) });
    run.complyCube.fault({ fault: 'status', status: 503, count: null });
    await run.put('stuck.jpg');
    const anHourAgo = new Date(Date.now() - 1.1 * hourMs).toISOString();
    const [body = ''] = held.slice(-1);
    const old = body.replace(/"eventTime":"[^"]*"/, `"eventTime":"${anHourAgo}"`);
    run.watched.pipeline.sqs.send(run.watched.pipeline.deployment.eventSource.queueArn, old);
    await run.alarmed('old-events');
    const deliveredMs = run.watched.clock.now();
    expect(run.alarmsAt(deliveredMs + 0.9 * hourMs)).toContain('old-events');
    expect(run.alarmsSoFar()).toEqual(['old-events']);
  });

  it.each([402, 403])('account-fault fires for a %d', async (status) => {
    await start();
    run.complyCube.fault({ fault: 'status', status, count: null });
    await run.put('delayed.jpg');
    await run.alarmed('account-fault');
    expect(run.alarmsSoFar()).toEqual(['account-fault']);
  });

  it('account-fault stays in ALARM between the deliveries of delayed photos', async () => {
    await start();
    run.complyCube.fault({ fault: 'status', status: 402, count: null });
    await run.put('delayed.jpg');
    await run.alarmed('account-fault');
    const firedMs = run.watched.clock.now();
    await run.counted('AccountFaults', 3);
    for (let atMs = firedMs; atMs < run.watched.clock.now(); atMs += 60_000) {
      expect(run.alarmsAt(atMs)).toEqual(['account-fault']);
    }
    run.complyCube.clearFaults();
    await run.counted('PhotosUploaded', 1);
    expect(run.alarmsAt(run.watched.clock.now() + 2 * hourMs)).toEqual([]);
  });

  it('account-fault fires for a wrong key', async () => {
    await start({}, { keys: ['live_another_key'] });
    await run.put('refused.jpg');
    await run.alarmed('account-fault');
    expect(run.sumOf('PhotosUploaded')).toBe(0);
  });

  it('refused-photos fires when three photos are refused without a reason, and stays while they wait', async () => {
    await start();
    await putRefusedOnce(run, 3);
    await run.alarmed('refused-photos');
    const firedMs = run.watched.clock.now();
    await run.counted('PhotosUploaded', 3);
    expect(run.sumOf('PhotosRefused')).toBe(3);
    expect(run.alarmsAt(firedMs + hourMs)).toEqual(['refused-photos']);
    expect(run.alarmsAt(run.watched.clock.now() + 2 * hourMs)).toEqual([]);
    expect(run.alarmsSoFar()).toEqual(['refused-photos']);
  });

  it('refused-photos does not fire for two photos', async () => {
    await start();
    await putRefusedOnce(run, 2);
    await run.counted('PhotosUploaded', 2);
    expect(run.sumOf('PhotosRefused')).toBe(2);
    expect(run.alarmsSoFar(hourMs)).toEqual([]);
  });

  it.each([
    ['half of the photos are', 12, 12],
    ['all photos are', 0, 24],
  ])('many-rejections fires when %s rejected', async (_, uploaded, rejected) => {
    await start();
    await run.putMany(uploaded);
    await run.putMany(rejected, 'too small', jpeg.subarray(0, 1_000));
    await run.alarmed('many-rejections');
    expect(run.alarmsSoFar()).toEqual(['many-rejections']);
  });

  it('many-rejections does not fire for a few photos that are all rejected', async () => {
    await start();
    await run.putMany(10, 'too small', jpeg.subarray(0, 1_000));
    await run.counted('PhotosRejected', 10);
    expect(run.alarmsSoFar(hourMs)).toEqual([]);
  });

  it('failed-erasures fires when the function sends the request of an erasure to the dead-letter queue', async () => {
    await start();
    const versionId = await run.put('a.jpg');
    await run.counted('PhotosUploaded', 1);
    const { sqs, deployment } = run.watched.pipeline;
    const request = { bucket: deployment.photoBucket, key: 'a.jpg', versionId, eTag: 'another' };
    const named = { requestId: 'request-1', requestedAt: new Date(0).toISOString() };
    sqs.send(deployment.eventSource.queueArn, erasureMessage({ ...request, ...named }));
    await run.alarmed('failed-erasures');
    await run.alarmed('dead-letters');
    expect(run.sumOf('ErasuresDeadLettered')).toBe(1);
    expect(run.alarmsSoFar().sort()).toEqual(['dead-letters', 'failed-erasures']);
  });

  it('rate-limited fires when ComplyCube answers 429 for 15 minutes', async () => {
    await start();
    // The retries are accepted, so each round has ten calls. With fewer than five calls, the alarm counts no share.
    for (const round of [1, 2, 3]) {
      expect(run.alarmsSoFar()).toEqual([]);
      const startMs = run.watched.clock.now();
      run.complyCube.fault({ fault: 'status', status: 429, count: 5 });
      await run.putMany(5, `round ${round}`);
      await run.counted('PhotosUploaded', 5 * round);
      if (round < 3) await until(() => run.watched.clock.now() >= startMs + 5 * minuteMs);
    }
    await run.alarmed('rate-limited');
    expect(run.sumOf('RateLimited')).toBe(15);
    expect(run.alarmsSoFar()).toEqual(['rate-limited']);
    expect(run.alarmsAt(run.watched.clock.now() + 2 * hourMs)).toEqual([]);
  });

  it('function-errors fires when the function’s process dies', async () => {
    let isKilled = false;
    await start(
      {},
      {
        latencyMs: 500,
        onLivePhoto: () => {
          for (const processId of run.watched.pipeline.functionProcessIds) process.kill(processId, 'SIGKILL');
          isKilled = true;
        },
      },
    );
    await run.put('killed.jpg');
    await run.alarmed('function-errors');
    expect(isKilled).toBe(true);
    expect(run.alarmsSoFar()).toEqual(['function-errors']);
  });

  it('function-errors fires when the function does not start', async () => {
    await start({ stack: { ...stack, assemblyFolder: join(stack.assemblyFolder, 'absent') } });
    await run.put('never begun.jpg');
    await run.alarmed('function-errors');
    expect(run.alarmsSoFar()).toEqual(['function-errors']);
  });

  it('throttles fires when the account has no concurrency left', async () => {
    await start({ isThrottled: () => true });
    const puts: Promise<string>[] = [];
    const photos = setInterval(() => puts.push(run.put(`throttled ${puts.length}.jpg`)), 150);
    await run.alarmed('throttles').finally(() => clearInterval(photos));
    // The servers stop after the test, so the last photos must have arrived.
    await Promise.all(puts);
    expect(run.alarmsSoFar()).toEqual(['throttles']);
  });

  it('timeouts fires when the function is killed at its timeout', async () => {
    const hang: NonNullable<NonNullable<PipelineOptions['s3']>['fault']> = ({ operation }) => {
      if (operation !== 'GetObject') return undefined;
      for (const processId of run.watched.pipeline.functionProcessIds) process.kill(processId, 'SIGSTOP');
      return undefined;
    };
    const variables = { [environmentNames.callTimeoutMs]: '500' };
    await start({ stack: withAlarmTimeout(stack, 17), s3: { fault: hang }, variables });
    await run.put('hung up.jpg');
    await run.alarmed('timeouts');
    expect(run.alarmsSoFar().sort()).toEqual(['function-errors', 'timeouts']);
  });
});

/** Puts photos of which ComplyCube refuses the first attempt. Each has its own client, so no photo is refused twice. */
async function putRefusedOnce(run: WatchedRun, count: number): Promise<void> {
  const clientIds = Array.from({ length: count }, (_, at) => String(at).padStart(24, '0'));
  for (const clientId of clientIds) {
    const refusal = { fault: 'status', status: 409, for: 'POST /livePhotos' } as const;
    run.complyCube.fault(refusal, (request) => request.clientId === clientId);
  }
  const puts = clientIds.map((clientId) => run.put(`${clientId}.jpg`, jpeg, { [metadataNames.clientId]: clientId }));
  await Promise.all(puts);
}

/** The stack with another timeout of the function, and with the matching alarm on its duration. */
function withAlarmTimeout(stack: SynthesizedStack, seconds: number): SynthesizedStack {
  const fn = Object.values(stack.template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const current = Number(fn?.Properties?.['Timeout']) * 1000;
  return withTimeout(withThreshold(stack, 'Duration', { current, changed: seconds * 1000 }), seconds * 1000);
}

/** The stack with another threshold of the alarm on a metric. */
function withThreshold(
  stack: SynthesizedStack,
  metricName: string,
  { current, changed }: { readonly current: number; readonly changed: number },
): SynthesizedStack {
  const resources = Object.entries(stack.template.Resources).map(([id, resource]): [string, TemplateResource] => {
    const { Properties } = resource;
    if (Properties?.['MetricName'] !== metricName) return [id, resource];
    expect(Properties['Threshold']).toBe(current);
    return [id, { ...resource, Properties: { ...Properties, Threshold: changed } }];
  });
  return { ...stack, template: { Resources: Object.fromEntries(resources) } };
}
