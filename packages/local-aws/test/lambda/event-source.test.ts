import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsJsonError } from '../../src/aws-json-error';
import { EventSource, type EventSourceSettings } from '../../src/lambda/event-source';
import { EnvironmentPool } from '../../src/lambda/environment-pool';
import { InvocationError } from '../../src/lambda/execution-environment';
import { startSqsUnderTest, type SqsUnderTest } from '../sqs/sqs-under-test';
import { FunctionFolder } from './function-under-test';
import { until } from '../until';

type Invoke = (event: SQSEvent) => Promise<unknown>;

describe('an event source', () => {
  let test: SqsUnderTest;
  let queue: { url: string; arn: string };
  let source: EventSource;
  let errors: Error[];
  let nextReceiveFails: boolean;
  /** Where invocations wait; a test that fails opens it too. */
  let gate: ReturnType<typeof makeGate>;

  beforeEach(async () => {
    nextReceiveFails = false;
    test = await startSqsUnderTest({
      fault: (operation) => {
        if (!nextReceiveFails || operation !== 'ReceiveMessage') return undefined;
        nextReceiveFails = false;
        return new AwsJsonError('ServiceUnavailable', 'Not now', { status: 503 });
      },
    });
    queue = test.sqs.createQueue('uploads', { VisibilityTimeout: '600' });
    errors = [];
    gate = makeGate();
  });
  afterEach(async () => {
    gate.open();
    await source.stop();
    await test.close();
  });

  const poll = (invoke: Invoke, settings: Partial<EventSourceSettings> = {}): void => {
    source = new EventSource(
      { queueArn: queue.arn, batchSize: 10, maxConcurrency: 2, ...settings },
      { queueUrl: queue.url, sqs: test.client, invoke, onError: (error) => errors.push(error) },
    );
  };
  const send = (...bodies: string[]): string[] => bodies.map((body) => test.sqs.send(queue.arn, body));
  const depth = () => test.sqs.depth(queue.arn);
  const succeed: Invoke = () => Promise.resolve({ batchItemFailures: [] });

  it('gives the function the event that Lambda gives', async () => {
    const events: SQSEvent[] = [];
    poll((event) => {
      events.push(event);
      return succeed(event);
    });
    const [messageId] = send('hello');
    await until(() => events.length === 1);
    const milliseconds = expect.stringMatching(/^\d{13}$/);
    expect(events).toEqual([
      {
        Records: [
          {
            messageId,
            receiptHandle: expect.stringMatching(/./),
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: milliseconds,
              SenderId: expect.stringMatching(/./),
              ApproximateFirstReceiveTimestamp: milliseconds,
            },
            messageAttributes: {},
            md5OfBody: '5d41402abc4b2a76b9719d911017c592',
            eventSource: 'aws:sqs',
            eventSourceARN: queue.arn,
            awsRegion: 'us-east-1',
          },
        ],
      },
    ]);
  });

  describe('after an invocation', () => {
    it('deletes the messages that succeeded and keeps those that are reported as failed', async () => {
      send('good', 'bad', 'good');
      poll((event) => Promise.resolve({ batchItemFailures: failuresOf(event, 'bad') }));
      await until(() => depth().ready === 0 && depth().inFlight === 1);
      await source.stop();
      expect(depth()).toEqual({ ready: 0, inFlight: 1, delayed: 0 });
      expect(errors).toEqual([]);
    });

    it('delivers a message again that failed, once its visibility timeout is over', async () => {
      send('good', 'bad');
      const deliveries: string[] = [];
      poll((event) => {
        deliveries.push(...event.Records.map(({ body, attributes }) => body + attributes.ApproximateReceiveCount));
        return Promise.resolve({ batchItemFailures: isTimeOver ? [] : failuresOf(event, 'bad') });
      });
      let isTimeOver = false;
      // Each poller may get one of the two messages.
      await until(() => deliveries.length === 2 && depth().inFlight === 1);
      isTimeOver = true;
      jest.useFakeTimers({ now: Date.now() + 600_000, doNotFake: allButDate });
      send('later'); // makes the queue look at its clock
      await until(() => depth().ready + depth().inFlight === 0);
      jest.useRealTimers();
      expect(deliveries.sort()).toEqual(['bad1', 'bad2', 'good1', 'later1']);
    });

    it.each([
      ['an empty list of failures', { batchItemFailures: [] }],
      ['a null list of failures', { batchItemFailures: null }],
      ['an empty answer', {}],
      ['a null answer', null],
    ])('deletes all messages after %s', async (_, answer) => {
      send('a', 'b');
      poll(() => Promise.resolve(answer));
      await until(() => depth().ready + depth().inFlight === 0);
      await source.stop();
      expect(errors).toEqual([]);
    });

    it.each([
      ['that it was not given', [{ itemIdentifier: 'another message' }]],
      ['with an empty ID', [{ itemIdentifier: '' }]],
      ['with a null ID', [{ itemIdentifier: null }]],
      ['under a wrong name', [{ messageId: 'x' }]],
      ['that is null', [null]],
    ])('keeps all messages when the function reports one %s', async (_, batchItemFailures) => {
      send('a', 'b');
      poll(() => Promise.resolve({ batchItemFailures }));
      await until(() => errors.length > 0);
      await source.stop();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('the function reported a message that is not in its batch'));
    });

    it('keeps all messages when the function throws, and goes on', async () => {
      send('a', 'b');
      poll((event) =>
        event.Records.some(({ body }) => body === 'c') ? succeed(event) : Promise.reject(new InvocationError('no')),
      );
      await until(() => depth().inFlight === 2);
      send('c');
      await until(() => test.sqs.callCount('DeleteMessageBatch') === 1);
      await source.stop();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('no'));
    });

    it('keeps all messages when the function times out', async () => {
      const folder = new FunctionFolder();
      const pool = new EnvironmentPool(
        folder.write('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));', { timeoutMs: 100 }),
        folder.options,
      );
      send('a', 'b');
      poll((event) => pool.invoke(event));
      await until(() => errors.length > 0);
      await source.stop();
      await pool.stop();
      folder.remove();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('the function timed out after 100 ms'));
    });

    it('leaves a message that fails again and again to the dead-letter queue', async () => {
      const deadLetters = test.sqs.createQueue('dead-letters');
      queue = test.sqs.createQueue('redriven', {
        VisibilityTimeout: '0',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 }),
      });
      send('bad');
      const deliveries: string[] = [];
      poll(
        (event) => {
          deliveries.push(...event.Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
          return Promise.resolve({ batchItemFailures: failuresOf(event, 'bad') });
        },
        { maxConcurrency: 1 },
      );
      await until(() => test.sqs.depth(deadLetters.arn).ready === 1);
      await source.stop();
      expect(deliveries).toEqual(['1', '2', '3']);
      expect(depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    });
  });

  it('never has more invocations under way than it may, nor larger batches', async () => {
    send(...Array.from({ length: 15 }, (_, at) => `message ${at}`));
    const batches: number[] = [];
    let underWay = 0;
    let mostUnderWay = 0;
    poll(
      async (event) => {
        batches.push(event.Records.length);
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        await gate.opened;
        underWay--;
      },
      { batchSize: 2, maxConcurrency: 3 },
    );
    await until(() => underWay === 3);
    await sleep(200);
    gate.open();
    await until(() => depth().ready + depth().inFlight === 0);
    expect(mostUnderWay).toBe(3);
    expect(Math.max(...batches)).toBe(2);
    expect(batches.reduce((sum, batch) => sum + batch)).toBe(15);
  });

  it('waits for the invocations under way when it is stopped, and deletes what they did', async () => {
    let isInvoked = false;
    poll(async () => {
      isInvoked = true;
      await gate.opened;
    });
    send('a');
    await until(() => isInvoked);
    let isStopped = false;
    const stopping = source.stop().then(() => (isStopped = true));
    await sleep(100);
    expect(isStopped).toBe(false);
    expect(depth().inFlight).toBe(1);
    gate.open();
    await stopping;
    expect(depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  it('takes nothing more from the queue once it is stopped', async () => {
    poll(succeed);
    await source.stop();
    send('a');
    await sleep(100);
    expect(depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
  });

  it('reports that the queue can’t be read, and tries again', async () => {
    nextReceiveFails = true;
    send('a');
    poll(succeed, { maxConcurrency: 1 });
    await until(() => depth().ready + depth().inFlight === 0);
    expect(errors.map(({ message }) => message)).toEqual(['Not now']);
  });
});

function failuresOf({ Records }: SQSEvent, badBody: string): { itemIdentifier: string }[] {
  return Records.filter(({ body }) => body === badBody).map(({ messageId }) => ({ itemIdentifier: messageId }));
}

/** All that jest can fake but Date. */
const allButDate = [
  ...(['hrtime', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
];

function makeGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    opened,
    open: () => {
      open();
    },
  };
}
