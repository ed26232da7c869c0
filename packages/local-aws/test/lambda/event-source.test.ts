import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { AwsJsonError } from '../../src/aws-json-error';
import { EventSource, type EventSourceSettings } from '../../src/lambda/event-source';
import { EnvironmentPool } from '../../src/lambda/environment-pool';
import { InvocationError } from '../../src/lambda/execution-environment';
import { useSqs } from '../sqs/sqs-under-test';
import { FunctionFolder } from './function-under-test';
import { until } from '../until';

type Invoke = (event: SQSEvent) => Promise<unknown>;

let nextReceiveFails = false;
const test = useSqs({
  fault: (operation) => {
    if (!nextReceiveFails || operation !== 'ReceiveMessage') return undefined;
    nextReceiveFails = false;
    return new AwsJsonError('ServiceUnavailable', 'Not now', { status: 503 });
  },
});

describe('an event source', () => {
  let queue: { url: string; arn: string };
  let source: EventSource;
  let errors: Error[];
  /** Invocations wait for this gate. */
  let gate: ReturnType<typeof makeGate>;

  beforeEach(() => {
    queue = test.sqs.createQueue('uploads', { VisibilityTimeout: '600' });
    errors = [];
    gate = makeGate();
  });
  afterEach(async () => {
    gate.open();
    await source.disable();
  });

  const poll = (invoke: Invoke, settings: Partial<EventSourceSettings> = {}): void => {
    source = new EventSource(
      { queueArn: queue.arn, batchSize: 10, maxConcurrency: 2, ...settings },
      { queueUrl: queue.url, sqs: test.client, invoke, onError: (error) => errors.push(error) },
    );
  };
  const send = (...bodies: string[]): string[] => bodies.map((body) => test.sqs.send(queue.arn, body));
  const depth = () => test.sqs.depth(queue.arn);
  const isEmpty = () => depth().ready + depth().inFlight === 0;
  /** After this, the server has received all earlier requests. */
  const roundTrip = () => test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }));
  const succeed: Invoke = () => Promise.resolve({ batchItemFailures: [] });

  it('invokes the function with the same event as Lambda', async () => {
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

  it('receives nothing while it is disabled, and continues when it is enabled', async () => {
    const bodies: string[] = [];
    poll((event) => {
      bodies.push(...event.Records.map(({ body }) => body));
      return succeed(event);
    });
    await source.disable();
    expect(source.isEnabled).toBe(false);
    send('waits');
    await roundTrip();
    expect({ bodies, ready: depth().ready }).toEqual({ bodies: [], ready: 1 });
    source.enable();
    source.enable();
    await until(isEmpty);
    expect({ bodies, isEnabled: source.isEnabled }).toEqual({ bodies: ['waits'], isEnabled: true });
  });

  describe('after an invocation', () => {
    it('deletes the successful messages, but not those reported as failed', async () => {
      send('good', 'bad', 'good');
      poll((event) => Promise.resolve({ batchItemFailures: failuresOf(event, 'bad') }));
      await until(() => depth().ready === 0 && depth().inFlight === 1);
      await source.disable();
      expect(depth()).toEqual({ ready: 0, inFlight: 1, delayed: 0 });
      expect(errors).toEqual([]);
    });

    it('delivers a failed message again after its visibility timeout', async () => {
      send('good', 'bad');
      const deliveries: string[] = [];
      poll((event) => {
        deliveries.push(...event.Records.map(({ body, attributes }) => body + attributes.ApproximateReceiveCount));
        return Promise.resolve({ batchItemFailures: isExpired ? [] : failuresOf(event, 'bad') });
      });
      let isExpired = false;
      // Each poller may get one of the two messages.
      await until(() => deliveries.length === 2 && depth().inFlight === 1);
      isExpired = true;
      jest.useFakeTimers({ now: Date.now() + 600_000, doNotFake: allButDate });
      send('later'); // the queue reads its clock
      await until(isEmpty);
      jest.useRealTimers();
      expect(deliveries.sort()).toEqual(['bad1', 'bad2', 'good1', 'later1']);
    });

    it.each([
      ['an empty list of failures', { batchItemFailures: [] }],
      ['a null list of failures', { batchItemFailures: null }],
      ['an empty response', {}],
      ['a null response', null],
    ])('deletes all messages after %s', async (_, answer) => {
      send('a', 'b');
      poll(() => Promise.resolve(answer));
      await until(isEmpty);
      await source.disable();
      expect(errors).toEqual([]);
    });

    it.each([
      ['of another batch', [{ itemIdentifier: 'another message' }]],
      ['with an empty ID', [{ itemIdentifier: '' }]],
      ['with a null ID', [{ itemIdentifier: null }]],
      ['under the wrong property', [{ messageId: 'x' }]],
      ['that is null', [null]],
    ])('deletes no message if the function reports one %s', async (_, batchItemFailures) => {
      send('a', 'b');
      poll(() => Promise.resolve({ batchItemFailures }));
      await until(() => errors.length > 0);
      await source.disable();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('the function reported a message that is not in its batch'));
    });

    it('deletes no message if the function throws, and continues to poll', async () => {
      send('a', 'b');
      poll((event) =>
        event.Records.some(({ body }) => body === 'c') ? succeed(event) : Promise.reject(new InvocationError('no')),
      );
      await until(() => depth().inFlight === 2);
      send('c');
      await until(() => test.sqs.callCount('DeleteMessageBatch') === 1);
      await source.disable();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('no'));
    });

    it('deletes no message if the function times out', async () => {
      const folder = new FunctionFolder();
      const pool = new EnvironmentPool(
        folder.write('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));', { timeoutMs: 100 }),
        folder.options,
      );
      send('a', 'b');
      poll((event) => pool.invoke(event));
      await until(() => errors.length > 0);
      await source.disable();
      await pool.stop();
      folder.remove();
      expect(depth()).toEqual({ ready: 0, inFlight: 2, delayed: 0 });
      expect(errors[0]).toEqual(new InvocationError('the function timed out after 100 ms'));
    });

    it('lets SQS move a message that always fails to the dead-letter queue', async () => {
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
      await source.disable();
      expect(deliveries).toEqual(['1', '2', '3']);
      expect(depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    });
  });

  it('never exceeds its concurrency or its batch size', async () => {
    send(...Array.from({ length: 15 }, (_, at) => `message ${at}`));
    const batches: number[] = [];
    let running = 0;
    let mostRunning = 0;
    poll(
      async (event) => {
        batches.push(event.Records.length);
        mostRunning = Math.max(mostRunning, ++running);
        await gate.opened;
        running--;
      },
      { batchSize: 2, maxConcurrency: 3 },
    );
    await until(() => running === 3);
    await roundTrip();
    gate.open();
    await until(isEmpty);
    expect(mostRunning).toBe(3);
    expect(Math.max(...batches)).toBe(2);
    expect(batches.reduce((sum, batch) => sum + batch)).toBe(15);
  });

  it('waits for running invocations when it is stopped, and deletes their messages', async () => {
    let isInvoked = false;
    poll(async () => {
      isInvoked = true;
      await gate.opened;
    });
    send('a');
    await until(() => isInvoked);
    let isStopped = false;
    const stopping = source.disable().then(() => (isStopped = true));
    await roundTrip();
    expect(isStopped).toBe(false);
    expect(depth().inFlight).toBe(1);
    gate.open();
    await stopping;
    expect(depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  it('receives no message after it is stopped', async () => {
    poll(succeed);
    await source.disable();
    send('a');
    await roundTrip();
    expect(depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
  });

  it('reports a failed receive, and tries again', async () => {
    nextReceiveFails = true;
    send('a');
    poll(succeed, { maxConcurrency: 1 });
    await until(isEmpty);
    expect(errors.map(({ message }) => message)).toEqual(['Not now']);
  });
});

function failuresOf({ Records }: SQSEvent, badBody: string): { itemIdentifier: string }[] {
  return Records.filter(({ body }) => body === badBody).map(({ messageId }) => ({ itemIdentifier: messageId }));
}

/** Everything that Jest can fake, except Date. */
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
