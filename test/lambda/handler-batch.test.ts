import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { eventBridgeBody, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './events';
import {
  acknowledged,
  accepted,
  clientId,
  complyCube,
  invoke,
  invokeOne,
  jpeg,
  kept,
  logLines,
  s3,
  sqs,
  waits,
} from './handler-fixture';
import { s3Failure } from './s3-answers';

describe('a batch', () => {
  const failingKey = (key: string) => s3.on(GetObjectCommand, { Key: key }).rejects(s3Failure(503, 'SlowDown'));

  it('keeps just the messages that failed', async () => {
    failingKey('bad');
    const event = sqsEvent(
      sqsRecord('good', s3Body()),
      sqsRecord('bad', s3Body(s3Record({ key: 'bad' }))),
      sqsRecord('malformed', 'not an event'),
      sqsRecord('escape', s3Body(s3Record({ key: '%E0%A4%A' }))),
      sqsRecord('also good', eventBridgeBody()),
    );
    await expect(invoke(event)).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'malformed' }, { itemIdentifier: 'escape' }],
    });
    expect(complyCube.requests).toHaveLength(2);
  });

  it('processes every record of a message, and keeps the message when one of them failed', async () => {
    failingKey('bad');
    await expect(invokeOne(s3Body(s3Record(), s3Record({ key: 'bad' }), s3Record({ key: 'c' })))).resolves.toEqual(
      kept,
    );
    expect(complyCube.requests).toHaveLength(2);
  });

  it('runs its photos at the same time', async () => {
    const waiting: (() => void)[] = [];
    complyCube.replyWith((response) => {
      waiting.push(() => response.end(JSON.stringify({ id: 'abc' })));
      // No answer comes before all three requests have.
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    const event = sqsEvent(...['a', 'b', 'c'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id })))));
    await expect(invoke(event)).resolves.toEqual(acknowledged);
  });

  it('hands photos back at once, unstarted, when too little time is left for a call', async () => {
    await expect(invoke(sqsEvent(sqsRecord('m1', s3Body())), 5_000)).resolves.toEqual(kept);
    expect(s3.calls()).toHaveLength(0);
    expect(complyCube.requests).toHaveLength(0);
    expect(waits()).toEqual([0]);
  });

  it('puts a malformed message on its way to the dead-letter queue without a wait', async () => {
    await expect(invokeOne('not an event')).resolves.toEqual(kept);
    expect(waits()).toEqual([0]);
  });

  it('keeps a message even when its wait can’t be set', async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('throttled'));
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(kept);
  });

  it('logs one line a photo, without the client ID, the key or the image', async () => {
    complyCube.replyWith(accepted, { status: 422, body: { message: `client ${clientId}` } }, { status: 500 });
    await invoke(sqsEvent(...['a', 'b', 'c'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id }))))));
    const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter((line) => 'key' in line)).toHaveLength(3);
    expect(lines.filter(({ message }) => message === 'batch processed')).toHaveLength(1);
    expect(lines.every((line) => line['requestId'] === 'invocation-1')).toBe(true);
    const text = logLines.join('');
    for (const secret of [clientId, 'test_abc', jpeg.toString('base64').slice(0, 40)])
      expect(text).not.toContain(secret);
  });
});
