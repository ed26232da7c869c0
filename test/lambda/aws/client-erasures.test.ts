import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ClientErasures } from '../../../lambda/aws/client-erasures';
import { ClaimsBucket } from '../fixtures/claims-bucket';

const s3 = mockClient(S3Client);
const { signal } = new AbortController();
const first = {
  ...{ requestId: 'request-1', requestedAt: '2026-11-26T12:00:00.000Z', requestedBy: 'AROAEXAMPLE:alice' },
  ...{ startedAt: '2026-11-26T12:00:05.000Z', asked: [], notFound: [], refused: [] },
};

describe('the progress of a client’s erasure', () => {
  it('is changed by the delivery that read it last, and not by an earlier one', async () => {
    new ClaimsBucket(s3, 'claims');
    const erasures = new ClientErasures(new S3Client({ region: 'eu-west-2' }), 'claims');
    const created = await erasures.replace(first, undefined, signal);
    const changed = await erasures.replace({ ...first, asked: ['1'] }, created.eTag, signal);
    for (const eTag of [undefined, created.eTag]) {
      const late = erasures.replace({ ...first, asked: ['2'] }, eTag, signal);
      await expect(late).rejects.toMatchObject({ code: 'claim-held' });
    }
    await expect(erasures.read('request-1', signal)).resolves.toEqual(changed);
    await expect(erasures.read('request-2', signal)).resolves.toBeUndefined();
  });
});
