import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { eventBridgeBody, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import {
  acknowledged,
  accepted,
  clientId,
  complyCube,
  deadLetters,
  invoke,
  invokeOne,
  jpeg,
  livePhotoId,
  logLines,
  photoLines,
  retried,
  s3,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';

const failingKey = (key: string) => s3.on(GetObjectCommand, { Key: key }).rejects(s3Failure(503, 'SlowDown'));
const message = (id: string) => sqsRecord(id, s3Body(s3Record({ key: id })));

describe('a batch', () => {
  it('reports the messages that failed, and no other', async () => {
    failingKey('bad');
    const event = sqsEvent(
      sqsRecord('good', s3Body()),
      message('bad'),
      sqsRecord('no event', 'not an event'),
      sqsRecord('malformed', s3Body(s3Record({ key: '%E0%A4%A' }))),
      sqsRecord('also good', eventBridgeBody({ key: 'also good' })),
    );
    await expect(invoke(event)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
    expect(complyCube.requests).toHaveLength(2);
    expect(deadLetters()).toHaveLength(2);
  });

  it('opens at most four photos of a message at a time', async () => {
    let open = 0;
    let mostOpen = 0;
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => {
      mostOpen = Math.max(mostOpen, ++open);
      const photo = s3Photo(jpeg, { metadata: { 'client-id': clientId } });
      photo.Body.on('close', () => open--);
      return photo;
    });
    complyCube.replyWith({ status: 200, body: { id: livePhotoId } });
    const records = Array.from({ length: 30 }, (_, at) => s3Record({ key: `photo ${at}` }));
    await expect(invokeOne(s3Body(...records))).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(30);
    expect(mostOpen).toBeLessThanOrEqual(4);
  });

  it('processes every record of a message, and retries the message if one of them fails', async () => {
    failingKey('bad');
    await expect(invokeOne(s3Body(s3Record(), s3Record({ key: 'bad' }), s3Record({ key: 'c' })))).resolves.toEqual(
      retried,
    );
    expect(complyCube.requests).toHaveLength(2);
  });

  it('processes its photos at the same time', async () => {
    const waiting: (() => void)[] = [];
    complyCube.replyWith((response) => {
      waiting.push(() => response.end(JSON.stringify({ id: livePhotoId })));
      // ComplyCube answers only after it has received all three requests.
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    await expect(invoke(sqsEvent(...['a', 'b', 'c'].map(message)))).resolves.toEqual(acknowledged);
  });

  it('retries photos without starting anything if too little time is left for a call', async () => {
    await expect(invoke(sqsEvent(message('m1')), 15_000)).resolves.toEqual(retried);
    expect(s3.calls()).toHaveLength(0);
    expect(complyCube.requests).toHaveLength(0);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'no-time-left' })]);
  });

  it.each([
    ['no time at all', 0],
    ['negative time', -1_000],
  ])('answers with %s left', async (_, remainingMs) => {
    await expect(invoke(sqsEvent(message('m1')), remainingMs)).resolves.toEqual(retried);
  });

  it('without messages is acknowledged', async () => {
    await expect(invoke(sqsEvent())).resolves.toEqual(acknowledged);
  });

  it('logs one line for each photo, without client ID, API key or image', async () => {
    complyCube.replyWith(accepted, { status: 422, body: { message: `client ${clientId}` } }, { status: 500 });
    await invoke(sqsEvent(...['a', 'b', 'c'].map(message)));
    const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(photoLines()).toHaveLength(3);
    expect(lines.filter(({ message }) => message === 'batch processed')).toHaveLength(1);
    expect(lines.every((line) => line['requestId'] === 'invocation-1')).toBe(true);
    const text = logLines.join('');
    for (const secret of [clientId, 'test_abc', jpeg.toString('base64').slice(0, 40)])
      expect(text).not.toContain(secret);
  });
});
