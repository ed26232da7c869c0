import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { type ErasureRow, readErasures } from '../../../cli/report/erasure-report';
import type { Period } from '../../../cli/photos/period';
import { s3Failure } from '../../lambda/fixtures/s3-answers';

const s3 = mockClient(S3Client);
const day = 'records/erasures/2026-11-26/';
const requested = {
  ...{ requestId: 'request-1', requestedAt: '2026-11-26T12:00:00.000Z', requestedBy: 'AROA1:alice' },
  erasedAt: '2026-11-26T12:00:01.000Z',
};
const ofVersion = { ...requested, bucket: 'photos', keyHash: 'abc', eTag: 'def', outcome: 'deleted', status: 204 };
const ofClient = { ...requested, deleted: 2, notFound: 0, refused: 1, said: 'A check has used it' };
const everyTime: Period = { sinceMs: undefined, untilMs: undefined };

/** @param objects keys with contents. An error is S3's answer. */
function storedAre(objects: readonly (readonly [string, string | Error])[]): void {
  s3.on(ListObjectsV2Command).resolves({ Contents: objects.map(([name]) => ({ Key: day + name })) });
  for (const [name, content] of objects) {
    const get = s3.on(GetObjectCommand, { Key: day + name });
    if (content instanceof Error) get.rejects(content);
    else get.resolves({ Body: { transformToString: () => Promise.resolve(content) } as never });
  }
}

async function read(): Promise<{ rows: ErasureRow[]; unreadable: string[] }> {
  const unreadable: string[] = [];
  const rows: ErasureRow[] = [];
  const deps = { s3: new S3Client({}), claimsBucket: 'claims', period: everyTime };
  for await (const row of readErasures({ ...deps, onUnreadable: (key) => unreadable.push(key.slice(day.length)) })) {
    rows.push(row);
  }
  return { rows, unreadable };
}

beforeEach(() => {
  s3.reset();
});

describe('the evidence', () => {
  it('has rows of versions and of clients', async () => {
    storedAre([
      ['abc/v1-request-1.json', JSON.stringify(ofVersion)],
      ['client/request-1.json', JSON.stringify(ofClient)],
    ]);
    const { rows, unreadable } = await read();
    expect(rows).toMatchObject([
      { outcome: 'deleted', status: '204', key_hash: 'abc', version: '', deleted: '' },
      { outcome: 'refused', status: '', key_hash: '', deleted: '2', not_found: '0', refused: '1' },
    ]);
    expect(unreadable).toEqual([]);
  });

  it.each([
    ['the marker of a folder', ''],
    ['damaged JSON', '{"requestId":'],
    ['null', 'null'],
    ['an array', '[]'],
    ['without the time of the request', JSON.stringify({ ...ofVersion, requestedAt: undefined })],
    ['with an impossible time', JSON.stringify({ ...ofVersion, requestedAt: 'yesterday' })],
    ['without the outcome', JSON.stringify({ ...ofVersion, outcome: undefined })],
    ['with one number of a client', JSON.stringify({ ...requested, deleted: 1 })],
  ])('is complete, and names the object, although one is %s', async (_, content) => {
    storedAre([
      ['a', content],
      ['b', JSON.stringify(ofVersion)],
    ]);
    const { rows, unreadable } = await read();
    expect(rows).toMatchObject([{ request_id: 'request-1' }]);
    expect(unreadable).toEqual(['a']);
  });

  it('leaves out what has expired since the list', async () => {
    storedAre([['a', s3Failure(404, 'NoSuchKey')]]);
    await expect(read()).resolves.toEqual({ rows: [], unreadable: [] });
  });

  it('fails when S3 refuses to read it, so that it never seems to be complete', async () => {
    storedAre([['a', s3Failure(403, 'AccessDenied')]]);
    await expect(read()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
