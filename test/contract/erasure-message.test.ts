import { describe, expect, it } from '@jest/globals';
import { erasureField, erasureMessage, type ErasureRequest } from '../../contract/erasure-message';
import { readMessage } from '../../contract/object-events';

const request: ErasureRequest = {
  bucket: 'photos',
  key: 'a photo+ä.jpg',
  versionId: 'version-1',
  eTag: 'abc',
  requestId: '0e5ad4c0-6a42-4b36-9d8a-0b0f8d6f4e11',
  requestedAt: '2026-11-26T12:00:00.000Z',
};
const changed = (changes: object): string => JSON.stringify({ [erasureField]: 1, ...request, ...changes });

describe('a message that requests an erasure', () => {
  it('is read as it was written, and is no photo', () => {
    expect(readMessage(erasureMessage(request), 'photos')).toEqual({ photos: [], erasure: request, deadLetters: [] });
  });

  it('needs no version ID', () => {
    const unversioned = { ...request, versionId: undefined };
    expect(readMessage(erasureMessage(unversioned)).erasure).toEqual(unversioned);
  });

  it.each([
    ['another bucket', erasureMessage({ ...request, bucket: 'another' }), 'wrong-bucket'],
    ['another form', changed({ [erasureField]: 2 }), 'erasure-unsupported'],
    ['a form that is no number', changed({ [erasureField]: '1' }), 'erasure-unsupported'],
    ['a live photo', changed({ livePhotoId: 'abc' }), 'erasure-malformed'],
    ['a client', changed({ clientId: 'abc' }), 'erasure-malformed'],
    ['records of events', changed({ Records: [] }), 'erasure-malformed'],
    ['no key', changed({ key: '' }), 'erasure-malformed'],
    ['no bucket', changed({ bucket: undefined }), 'erasure-malformed'],
    ['no ETag', changed({ eTag: undefined }), 'erasure-malformed'],
    ['a version ID that is no text', changed({ versionId: 1 }), 'erasure-malformed'],
    ['a version ID that is null', changed({ versionId: null }), 'erasure-malformed'],
    ['a request ID that is part of a path', changed({ requestId: '../../claims' }), 'erasure-malformed'],
    ['a time without a time zone', changed({ requestedAt: '2026-11-26T12:00:00' }), 'erasure-malformed'],
    ['an impossible time', changed({ requestedAt: '2026-13-26T12:00:00Z' }), 'erasure-malformed'],
  ])('is dead-lettered if it has %s', (_, body, reason) => {
    expect(readMessage(body, 'photos')).toEqual({ photos: [], deadLetters: [{ body, reason }] });
  });
});
