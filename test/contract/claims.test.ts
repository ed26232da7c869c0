import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { claimKey } from '../../contract/claim-key';
import { claimMayHaveExpired } from '../../contract/claim-record';
import { clientErasureKey } from '../../contract/client-erasure-progress';

const dayMs = 86_400_000;

describe('the key of a claim', () => {
  const version = { bucket: 'photos', key: 'a.jpg', versionId: 'version-1', eTag: 'abc' };

  it('names the version and its bytes after the hash of the object', () => {
    expect(claimKey(version)).toMatch(/^[0-9a-f]{64}\/version-1-abc$/);
  });

  it('is the same for all deliveries of an object without a version ID', () => {
    expect(claimKey({ ...version, versionId: undefined })).toMatch(/^[0-9a-f]{64}\/unversioned-abc$/);
  });

  it.each([{ bucket: 'others' }, { key: 'b.jpg' }, { versionId: 'version-2' }, { eTag: 'abd' }])(
    'differs for another object: %j',
    (other) => {
      expect(claimKey({ ...version, ...other })).not.toBe(claimKey(version));
    },
  );
});

it('the progress of a client’s erasure has the same key in every version of the function, so an update continues it', () => {
  const hash = createHash('sha256').update('client/request-1').digest('hex');
  expect(clientErasureKey('request-1')).toBe(`${hash}/client-erasure`);
});

it.each([
  ['of unknown age', undefined, true],
  ['of a version that is 29 days old: S3 may be a day early', 29 * dayMs, true],
  ['of a version that is younger', 29 * dayMs - 1, false],
])('a claim %s may have expired: %s', (_, ageMs, isPossible) => {
  const nowMs = Date.UTC(2026, 10, 26);
  expect(claimMayHaveExpired(ageMs === undefined ? undefined : nowMs - ageMs, nowMs)).toBe(isPossible);
});
