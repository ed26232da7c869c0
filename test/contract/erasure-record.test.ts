import { describe, expect, it } from '@jest/globals';
import { claimKey } from '../../contract/claim-key';
import {
  clientErasureRecordKey,
  erasureRecordKey,
  erasureRecordPrefix,
  tombstoneKey,
  tombstonePrefix,
} from '../../contract/erasure-record';

const version = { bucket: 'photos', key: 'anna@example.com.jpg', versionId: 'version-1', eTag: 'abc' };
const request = { ...version, requestId: 'request-1', requestedAt: '2026-11-26T23:59:59.999Z' };

describe('the objects of an erasure in the claims bucket', () => {
  it.each([
    ['evidence', erasureRecordPrefix],
    ['tombstones', tombstonePrefix],
  ])('are not expired like claims, which begin with a hexadecimal digit: %s', (_, prefix) => {
    expect(claimKey(version)).toMatch(/^[0-9a-f]{64}\//);
    expect(prefix).toMatch(/^[g-z][a-z/]+\/$/);
  });

  it('have keys without the object’s key', () => {
    expect(erasureRecordKey(request)).not.toContain('anna');
    expect(tombstoneKey(version)).not.toContain('anna');
  });

  it('are separate for each request and each version', () => {
    expect(erasureRecordKey(request)).toMatch(
      /^records\/erasures\/2026-11-26\/[0-9a-f]{64}\/version-1-request-1\.json$/,
    );
    expect(erasureRecordKey({ ...request, requestId: 'request-2' })).not.toBe(erasureRecordKey(request));
    expect(erasureRecordKey({ ...request, versionId: undefined })).toContain('/unversioned-request-1.json');
    expect(tombstoneKey({ ...version, versionId: 'version-2' })).not.toBe(tombstoneKey(version));
  });

  it('are named by the day of the request for a client, too', () => {
    expect(clientErasureRecordKey(request)).toBe('records/erasures/2026-11-26/client/request-1.json');
  });
});
