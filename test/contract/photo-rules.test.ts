import { describe, expect, it } from '@jest/globals';
import { patterns } from '../../contract/patterns';
import { metadataNames, parseMetadata, validateSize } from '../../contract/photo-rules';

const settings = { clientIdMetadata: metadataNames.clientId, performLivenessCheck: undefined };

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
    expect(parseMetadata(metadata, settings)).toEqual(request);
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
    expect(parseMetadata(metadata, settings)).toMatchObject({ status: 'rejected', reason });
  });

  describe('with another name for the client ID', () => {
    const ofUsers = { ...settings, clientIdMetadata: 'user-id' };

    it.each([
      [{ 'user-id': 'a', 'perform-liveness-check': 'true' }, true],
      [{ 'user-id': 'a', 'client-id': 'b' }, undefined],
    ])('reads only that name from %j', (metadata, performLivenessCheck) => {
      expect(parseMetadata(metadata, ofUsers)).toEqual({ clientId: 'a', performLivenessCheck });
    });

    it.each([
      [{ 'client-id': 'a' }, 'client-id-missing', 'The object has no user-id metadata'],
      [{ 'user-id': 'a b', 'client-id': 'a' }, 'client-id-malformed', 'user-id must be 1 to 64 of A-Z a-z 0-9 _ -'],
    ])('names it in the rejection of %j', (metadata, reason, detail) => {
      expect(parseMetadata(metadata, ofUsers)).toEqual({ status: 'rejected', reason, detail });
    });
  });
});

describe('the name of the client ID’s metadata', () => {
  it.each(['client-id', 'user-id', 'user_id', 'app.user', '7', 'a'.repeat(64)])('may be %s', (name) => {
    expect(name).toMatch(patterns.clientIdMetadata);
  });

  const { performLivenessCheck, livePhoto } = metadataNames;
  const wrong = ['', 'User-Id', 'user id', 'usér', '-id', 'x-amz-meta-user-id', 'a'.repeat(65), 'id\n'];
  it.each([...wrong, performLivenessCheck, livePhoto])('may not be %j', (name) => {
    expect(name).not.toMatch(patterns.clientIdMetadata);
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

  it.each([33_999, 4_194_305])('names the size in the rejection of a photo with %d bytes', (bytes) => {
    expect(validateSize(bytes)?.detail).toContain(` ${bytes} bytes`);
  });
});
