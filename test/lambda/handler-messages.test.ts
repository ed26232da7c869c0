import { GetObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { DeadLetterReasonCode } from '../../contract/dead-letter-reasons';
import { eventBridgeBody, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import {
  acknowledged,
  complyCube,
  deadLetters,
  invoke,
  invokeOne,
  logLines,
  photoIs,
  retried,
  jpeg,
  s3,
  sqs,
  waits,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';

const lines = () => logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
const malformed = s3Record({ key: undefined });
const foreign = s3Record({}, { s3: { ...s3Record().s3, bucket: { name: 'another' } } });
const removed = s3Record({}, { eventName: 'ObjectRemoved:Delete' });

describe('a message that is not an event of the bucket', () => {
  it.each<[string, string, DeadLetterReasonCode]>([
    ['text', 'hello', 'not-json'],
    ['a malformed record', s3Body(malformed), 'record-malformed'],
    ['an event of another bucket', s3Body(foreign), 'wrong-bucket'],
    [
      'EventBridge’s event of another bucket',
      eventBridgeBody({}, { detail: { bucket: { name: 'another' }, object: { key: 'a', etag: 'b' } } }),
      'wrong-bucket',
    ],
  ])('is dead-lettered immediately with its reason, and acknowledged: %s', async (_, body, reason) => {
    await expect(invokeOne(body)).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([{ body, reason }]);
    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: 'https://sqs.eu-west-2.amazonaws.com/123456789012/dead-letters',
      MessageAttributes: { DeadLetterReason: { DataType: 'String', StringValue: reason } },
    });
    expect(s3.calls()).toHaveLength(0);
    expect(complyCube.requests).toHaveLength(0);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'ERROR', messageId: 'm1', reason }));
    expect(logLines.join('')).not.toContain('ErasuresDeadLettered');
  });

  it('is logged without its content', async () => {
    await invokeOne('{"clientId":"5eb1276d96be4a0008713af5"}');
    expect(logLines.join('')).not.toContain('5eb1276d96be4a0008713af5');
  });

  it('is retried when SQS does not accept it, and dead-lettered later', async () => {
    sqs.on(SendMessageCommand).rejectsOnce(new Error('throttled')).resolves({});
    await expect(invokeOne('hello')).resolves.toEqual(retried);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'WARN', errorCode: 'sqs-failed' }));
    expect(waits()).toHaveLength(2);
    await expect(invokeOne('hello', 2)).resolves.toEqual(acknowledged);
  });

  it('does not affect other messages of the batch', async () => {
    sqs.on(SendMessageCommand).rejects(new Error('throttled'));
    await expect(
      invoke(sqsEvent(sqsRecord('a', 'hello'), sqsRecord('b', s3Body()), sqsRecord('c', s3Body(removed)))),
    ).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
    expect(writtenTags()).toHaveLength(1);
  });
});

describe('a message with several records', () => {
  const body = s3Body(malformed, s3Record({ key: 'good' }), removed, foreign);
  const badParts = [
    { body: s3Body(malformed), reason: 'record-malformed' },
    { body: s3Body(foreign), reason: 'wrong-bucket' },
  ];

  it('is processed record by record: good ones are uploaded, removals skipped, bad ones dead-lettered', async () => {
    await expect(invokeOne(body)).resolves.toEqual(acknowledged);
    expect(s3.commandCalls(GetObjectCommand).map(({ args: [{ input }] }) => input.Key)).toEqual(['good']);
    expect(writtenTags()).toHaveLength(1);
    expect(deadLetters()).toEqual(badParts);
  });

  it('has its bad records dead-lettered once, after its good ones are done', async () => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne(body)).resolves.toEqual(retried);
    expect(deadLetters()).toEqual([]);
    photoIs(jpeg);
    await expect(invokeOne(body, 2)).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual(badParts);
  });

  it.each([
    ['a removal', s3Body(removed), 1],
    ['a photo', s3Body(s3Record()), 1],
    ['a photo and a bad record', s3Body(s3Record(), malformed), 2],
  ])(
    'has one log line for each record that is processed, or one if there is none: %s',
    async (_, records, expected) => {
      await invokeOne(records);
      expect(lines().filter(({ messageId }) => messageId === 'm1')).toHaveLength(expected);
    },
  );

  it('is retried if SQS does not accept one of its bad records', async () => {
    sqs.on(SendMessageCommand).resolvesOnce({}).rejectsOnce(new Error('throttled'));
    await expect(invokeOne(body)).resolves.toEqual(retried);
    expect(writtenTags()).toHaveLength(1);
  });

  it.each([
    ['a removal and a creation', s3Body(removed, s3Record())],
    ['a creation and a removal', s3Body(s3Record(), removed)],
  ])('has its created objects processed: %s', async (_, records) => {
    await expect(invokeOne(records)).resolves.toEqual(acknowledged);
    expect(writtenTags()).toHaveLength(1);
    expect(deadLetters()).toEqual([]);
  });
});
