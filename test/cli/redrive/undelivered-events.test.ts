import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';
import type { StackDescription } from '../../../cli/stack/stack-access';
import { PipelineUnderTest } from '../pipeline-under-test';
import { runCommand, type TerminalOptions } from '../terminal-under-test';

let world: PipelineUnderTest;
let queue: { readonly url: string; readonly arn: string };
/** Describes the local stack as one with a queue of undelivered events. */
let endpoint: LoopbackServer;

beforeAll(async () => {
  world = await PipelineUnderTest.start();
  queue = world.pipeline.sqs.createQueue('undelivered-events');
  const description = (await (await fetch(world.url)).json()) as StackDescription;
  const outputs = { ...description.outputs, UndeliveredEventsQueueUrl: queue.url, ObjectCreatedRuleName: 'rule' };
  endpoint = await listenOnLoopback((_, response) => response.end(JSON.stringify({ ...description, outputs })));
});
afterAll(async () => {
  await endpoint.close();
  await world.stop();
});

const redrive = (options: readonly string[], terminal?: TerminalOptions) =>
  runCommand(['redrive', 'undelivered-events', ...options, '--local', endpoint.url], terminal);
const waiting = (): number => world.pipeline.sqs.depth(queue.arn).ready;
const json = (lines: readonly string[]): unknown => JSON.parse(lines.join('\n'));

/** Sends a message to the queue as EventBridge does. */
async function dropEvent(body: string, code: string, message: string): Promise<void> {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/objects';
  const MessageAttributes = { ERROR_CODE: text(code), ERROR_MESSAGE: text(message), RULE_ARN: text(ruleArn) };
  await world.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body, MessageAttributes }));
}

/** The event of an object whose own event is lost. */
async function eventOf(key: string, seed: number): Promise<string> {
  await world.put(key, undefined, seed);
  const { out } = await world.run(['status', key, '--json']);
  const [{ versionId, eTag: etag }] = json(out) as [{ versionId: string; eTag: string }];
  return JSON.stringify({
    ...{ source: 'aws.s3', 'detail-type': 'Object Created', time: '2026-11-23T10:00:00Z' },
    detail: {
      bucket: { name: world.pipeline.deployment.photoBucket },
      object: { key, 'version-id': versionId, etag },
    },
  });
}

it('go back to the upload queue for the chosen reason, and others stay and are counted', async () => {
  await dropEvent(await eventOf('lost/refused.jpg', 1), 'NO_PERMISSIONS', 'Access to the resource is denied');
  await dropEvent(await eventOf('lost/late.jpg', 2), 'CONNECTION_FAILURE', 'no connection');
  await dropEvent('{"source":"aws.ec2"}', 'NO_PERMISSIONS', 'denied');

  const dry = await redrive(['--dry-run', '--json']);
  expect(json(dry.out)).toEqual({
    isDryRun: true,
    reasons: {
      'no-permissions': { messages: 1, selected: 1, example: 'NO_PERMISSIONS: Access to the resource is denied' },
      'delivery-failed': { messages: 1, selected: 1, example: 'CONNECTION_FAILURE: no connection' },
      'not-an-event': { messages: 1, selected: 0, example: 'NO_PERMISSIONS: denied' },
    },
  });
  expect(waiting()).toBe(3);

  const chosen = await redrive(['--reason', 'no-permissions', '--yes']);
  expect(chosen).toMatchObject({ status: 0, err: [] });
  expect(chosen.out.join('\n')).toContain('no-permissions: 1 message, 1 sent');
  await world.ended('lost/refused.jpg');
  expect(waiting()).toBe(2);

  await redrive([], { answer: 'y' });
  await world.ended('lost/late.jpg');
  expect(waiting()).toBe(1);
  const { out } = await redrive(['--dry-run']);
  expect(out.join('\n')).toMatch(/^not-an-event: 1 message, 0 to send/);
});

it('that are no event are shown with the error of EventBridge, and deleted after a confirmation', async () => {
  const shown = await redrive(['--show', '--json']);
  const { messageId, ...message } = json(shown.out) as { messageId: string };
  expect(message).toEqual({
    deliveryError: {
      ...{ code: 'NO_PERMISSIONS', message: 'denied' },
      ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/objects',
    },
    body: '{"source":"aws.ec2"}',
  });
  expect((await redrive(['--show'])).out).toEqual([`${messageId}: NO_PERMISSIONS: denied\n  {"source":"aws.ec2"}`]);
  expect(await redrive(['--delete', messageId], { answer: 'n' })).toMatchObject({ err: ['Nothing was deleted.'] });
  expect(waiting()).toBe(1);
  expect(await redrive(['--delete', messageId, '--yes'])).toMatchObject({ status: 0, out: ['Deleted 1 message.'] });
  expect((await redrive(['--dry-run'])).out).toEqual(['The queue of undelivered events is empty.']);
});

it('exist only in a stack with an existing bucket', async () => {
  await expect(world.run(['redrive', 'undelivered-events'])).resolves.toMatchObject({
    ...{ status: 1, err: [expect.stringContaining('only a stack with an existing bucket has one')] },
  });
});
