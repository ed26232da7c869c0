import { beforeEach, describe, it, expect } from '@jest/globals';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: {} });
beforeEach(() => send(s3, 'PUT', '/photos/ten', { 'content-type': 'text/plain' }, '0123456789'));

const get = (headers: Record<string, string>, query = '') => send(s3, 'GET', `/photos/ten${query}`, headers);

describe('a conditional GetObject', () => {
  const eTag = '"781e5e245d69b566979b86e28d23f2c7"';

  it.each([
    [{ 'if-match': eTag }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': '*' }, 200],
    [{ 'if-none-match': eTag }, 304],
    [{ 'if-none-match': eTag.replace(/"/g, '') }, 304],
    [{ 'if-none-match': `"other", ${eTag}` }, 304],
    [{ 'if-none-match': '"other"' }, 200],
  ])('returns for %j the status %i', async (headers, status) => {
    expect((await get(headers)).status).toBe(status);
  });

  it('names the condition that failed', async () => {
    expect((await get({ 'if-match': '"other"' })).text).toContain('<Condition>If-Match</Condition>');
  });
});

describe('GetObject', () => {
  it('returns the checksum on request', async () => {
    const checksum = 'x-amz-checksum-crc64nvme';
    expect((await get({ 'x-amz-checksum-mode': 'ENABLED' })).headers[checksum]).toBeDefined();
    expect((await get({})).headers[checksum]).toBeUndefined();
  });

  it.each([
    ['a range', { range: 'bytes=0-1' }, ''],
    ['a condition on the date', { 'if-modified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, ''],
    ['a response header in the query', {}, '?response-content-type=image%2Fpng'],
  ])('refuses %s', async (_, headers, query) => {
    expect(codeOf(await get(headers as Record<string, string>, query))).toBe('NotImplemented');
  });

  it('returns NoSuchKey with the key for a missing object', async () => {
    const answer = await send(s3, 'GET', '/photos/a%20%26%20b');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NoSuchKey']);
    expect(answer.text).toContain('<Key>a &amp; b</Key>');
    expect(answer.headers['x-amz-delete-marker']).toBeUndefined();
  });
});

describe('HeadObject', () => {
  it('returns the headers of GetObject and no body', async () => {
    const head = await send(s3, 'HEAD', '/photos/ten');
    expect(head.body).toHaveLength(0);
    expect(head.headers).toMatchObject({ 'content-length': '10', 'content-type': 'text/plain' });
  });

  it('returns 404 without a body for a missing object', async () => {
    const head = await send(s3, 'HEAD', '/photos/none');
    expect([head.status, head.body.length]).toEqual([404, 0]);
  });
});
