import { describe, expect, it } from '@jest/globals';
import { eventBridgeBody, s3Body, s3Record } from './fixtures/events';
import {
  accepted,
  acknowledged,
  clientId,
  complyCube,
  deadLetters,
  invokeOne,
  jpeg,
  livePhotoId,
  photoIs,
  photoLines,
  published,
  retried,
  s3,
  waits,
  writtenTags,
} from './fixtures/handler-fixture';

Object.assign(process.env, { KEY_PREFIXES: 'photos/,ids/', CLIENT_ID_METADATA: 'user-id' });

const bodyOf = (key: string): string => s3Body(s3Record({ key }));
const uploaded = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': livePhotoId };
const rejected = { 'complycube-status': 'rejected', 'complycube-rejection': 'client-id-missing' };

describe('a photo of a stack with several key prefixes', () => {
  it.each(['photos/a.jpg', 'ids/a.jpg'])('is uploaded if its key begins with one of them: %s', async (key) => {
    photoIs(jpeg, { metadata: { 'user-id': clientId } });
    await expect(invokeOne(bodyOf(key))).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([uploaded]);
  });

  it.each([
    ['of S3', bodyOf('former/a.jpg')],
    ['of EventBridge', eventBridgeBody({ key: 'former/a.jpg' })],
    ['whose key contains a prefix later', bodyOf('former/photos/a.jpg')],
    ['whose key is shorter than the prefix', bodyOf('photos')],
  ])('is retried with its own code outside of them, without any call: an event %s', async (_, body) => {
    await expect(invokeOne(body)).resolves.toEqual(retried);
    expect(photoLines()).toEqual([
      expect.objectContaining({ level: 'WARN', errorCode: 'outside-key-prefixes', message: 'photo object is retried' }),
    ]);
    expect(deadLetters()).toEqual([]);
    expect(s3.calls()).toHaveLength(0);
    expect(complyCube.requests).toHaveLength(0);
    // Hidden at the start and after the failure.
    expect(waits()).toHaveLength(2);
  });

  it('is uploaded although another photo of its message is outside of them', async () => {
    photoIs(jpeg, { metadata: { 'user-id': clientId } });
    const body = s3Body(s3Record({ key: 'former/a.jpg' }), s3Record({ key: 'ids/a.jpg' }));
    await expect(invokeOne(body)).resolves.toEqual(retried);
    expect(writtenTags()).toEqual([uploaded]);
  });
});

describe('a photo of a stack with another name for the client ID', () => {
  it.each([
    ['only that name', { 'user-id': clientId }],
    ['the default name too, with another value', { 'user-id': clientId, 'client-id': 'another' }],
  ])('is uploaded for the client in it if it has %s', async (_, metadata) => {
    complyCube.replyWith(accepted);
    photoIs(jpeg, { metadata });
    await expect(invokeOne(bodyOf('photos/a.jpg'))).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([uploaded]);
    expect(complyCube.requests[0]?.body.toString()).toContain(clientId);
    expect(published()).toEqual([expect.objectContaining({ clientId, livePhotoId })]);
  });

  it('is rejected, and the name is in the log, if it has only the default name', async () => {
    photoIs(jpeg, { metadata: { 'client-id': clientId } });
    await expect(invokeOne(bodyOf('photos/a.jpg'))).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([rejected]);
    expect(photoLines()).toEqual([
      expect.objectContaining({ reason: 'client-id-missing', detail: 'The object has no user-id metadata' }),
    ]);
    expect(published()).toEqual([expect.not.objectContaining({ clientId })]);
  });
});
