import { describe, expect, it } from '@jest/globals';
import { clientErasureField, clientErasureMessage } from '../../contract/client-erasure-message';
import { erasureField } from '../../contract/erasure-message';
import { readMessage } from '../../contract/object-events';

const request = {
  clientId: '5eb1276d96be4a0008713af5',
  requestId: '0e5ad4c0-6a42-4b36-9d8a-0b0f8d6f4e11',
  requestedAt: '2026-11-26T12:00:00.000Z',
};
const changed = (changes: object): string => JSON.stringify({ [clientErasureField]: 1, ...request, ...changes });

describe('a message that requests the erasure of a client', () => {
  it('is read as it was written, and is no photo', () => {
    const read = { photos: [], erasure: request, deadLetters: [] };
    expect(readMessage(clientErasureMessage(request), 'photos')).toEqual(read);
  });

  it.each([
    ['another form', changed({ [clientErasureField]: 2 }), 'erasure-unsupported'],
    ['a form that is no number', changed({ [clientErasureField]: '1' }), 'erasure-unsupported'],
    ['a live photo', changed({ livePhotoId: 'abc' }), 'erasure-malformed'],
    ['a bucket', changed({ bucket: 'photos' }), 'erasure-malformed'],
    ['the field of a version’s erasure', changed({ [erasureField]: 1 }), 'erasure-malformed'],
    ['records of events', changed({ Records: [] }), 'erasure-malformed'],
    ['no client', changed({ clientId: undefined }), 'erasure-malformed'],
    ['an empty client', changed({ clientId: '' }), 'erasure-malformed'],
    ['a client that is a list', changed({ clientId: ['a', 'b'] }), 'erasure-malformed'],
    ['a client that is a filter', changed({ clientId: 'a&clientId=b' }), 'erasure-malformed'],
    ['a request ID that is part of a path', changed({ requestId: '../../claims' }), 'erasure-malformed'],
    ['no request ID', changed({ requestId: undefined }), 'erasure-malformed'],
    ['an impossible time', changed({ requestedAt: '2026-13-26T12:00:00Z' }), 'erasure-malformed'],
  ])('is dead-lettered if it has %s', (_, body, reason) => {
    expect(readMessage(body, 'photos')).toEqual({ photos: [], deadLetters: [{ body, reason }] });
  });
});
