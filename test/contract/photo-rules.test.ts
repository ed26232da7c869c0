import { describe, expect, it } from '@jest/globals';
import { parseMetadata, validateSize } from '../../contract/photo-rules';

describe('parseMetadata', () => {
  it.each([
    [{ 'client-id': '5eb1276d96be4a0008713af5' }, { clientId: '5eb1276d96be4a0008713af5' }],
    [
      { 'client-id': 'a_-Z9', 'perform-liveness-check': 'true' },
      { clientId: 'a_-Z9', performLivenessCheck: true },
    ],
    [
      { 'client-id': 'a', 'perform-liveness-check': 'false', other: 'x' },
      { clientId: 'a', performLivenessCheck: false },
    ],
  ])('reads %j', (metadata, request) => {
    expect(parseMetadata(metadata)).toEqual(request);
  });

  it.each([
    [{}, 'client-id-missing'],
    [{ 'client-id': '' }, 'client-id-missing'],
    [{ 'client-id': 'a b' }, 'client-id-malformed'],
    [{ 'client-id': 'a\n' }, 'client-id-malformed'],
    [{ 'client-id': 'é' }, 'client-id-malformed'],
    [{ 'client-id': 'a'.repeat(65) }, 'client-id-malformed'],
    [{ 'client-id': 'a', 'perform-liveness-check': 'True' }, 'liveness-flag-malformed'],
    [{ 'client-id': 'a', 'perform-liveness-check': '' }, 'liveness-flag-malformed'],
  ])('rejects %j as %s', (metadata, reason) => {
    expect(parseMetadata(metadata)).toMatchObject({ status: 'rejected', reason });
  });
});

describe('validateSize', () => {
  it.each([
    [0, 'too-small'],
    [33_999, 'too-small'],
    [34_000, undefined],
    [4_194_304, undefined],
    [4_194_305, 'too-large'],
  ])('judges %d bytes as %s', (bytes, reason) => {
    expect(validateSize(bytes)?.reason).toBe(reason);
  });
});
