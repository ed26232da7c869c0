import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { type LocalS3, startS3 } from '../../../src/s3/server';
import { codeOf, send } from '../s3-requests';

let s3: LocalS3;

beforeEach(async () => {
  s3 = await startS3();
  await s3.createBucket('photos');
  await send(s3, 'PUT', '/photos/ten', { 'content-type': 'text/plain' }, '0123456789');
});

afterEach(async () => {
  await s3.close();
});

const get = (headers: Record<string, string>, query = '') => send(s3, 'GET', `/photos/ten${query}`, headers);

describe('GetObject with a range', () => {
  it.each([
    ['bytes=0-8', '012345678', 'bytes 0-8/10'],
    ['bytes=1-1', '1', 'bytes 1-1/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-15', '0123456789', 'bytes 0-9/10'],
    ['bytes=0-100', '0123456789', 'bytes 0-9/10'],
  ])('answers 206 and just the bytes of %s', async (range, text, contentRange) => {
    const answer = await get({ range });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([206, text, contentRange]);
    expect(answer.headers['content-length']).toBe(String(text.length));
  });

  it.each(['bytes=1-0', 'bytes=0-1,3-4', 'bytes=-', 'bytes=a-b', 'lines=0-1', 'bytes=--1'])(
    'answers the whole object to %s, which S3 ignores',
    async (range) => {
      const answer = await get({ range });
      expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([200, '0123456789', undefined]);
    },
  );

  it.each(['bytes=10-', 'bytes=100-200', 'bytes=-0'])('answers 416 to %s, where there is no byte', async (range) => {
    const answer = await get({ range });
    expect([answer.status, codeOf(answer)]).toEqual([416, 'InvalidRange']);
    expect(answer.text).toContain('<ActualObjectSize>10</ActualObjectSize>');
  });

  it('gives the checksum only with the whole object', async () => {
    const mode = { 'x-amz-checksum-mode': 'ENABLED' };
    const checksum = 'x-amz-checksum-crc64nvme';
    expect((await get({ ...mode })).headers[checksum]).toBeDefined();
    expect((await get({ ...mode, range: 'bytes=0-9' })).headers[checksum]).toBeDefined();
    expect((await get({ ...mode, range: 'bytes=0-8' })).headers[checksum]).toBeUndefined();
    expect((await get({})).headers[checksum]).toBeUndefined();
  });
});

describe('a conditional GetObject', () => {
  const eTag = '"781e5e245d69b566979b86e28d23f2c7"';
  const past = 'Mon, 01 Jan 2001 00:00:00 GMT';
  const future = 'Fri, 01 Jan 2100 00:00:00 GMT';

  it.each([
    [{ 'if-match': eTag }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': '*' }, 200],
    [{ 'if-none-match': eTag }, 304],
    [{ 'if-none-match': eTag.replace(/"/g, '') }, 304],
    [{ 'if-none-match': `"other", ${eTag}` }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-modified-since': future }, 200],
    [{ 'if-modified-since': 'no date' }, 200],
    [{ 'if-unmodified-since': past }, 412],
    [{ 'if-unmodified-since': future }, 200],
    [{ 'if-match': eTag, 'if-unmodified-since': past }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': future }, 200],
  ])('answers %j with %i', async (headers, status) => {
    expect((await get(headers)).status).toBe(status);
  });

  it('answers 304 to If-Modified-Since with the time of the object itself, and sends no body', async () => {
    const { headers } = await get({});
    const answer = await get({ 'if-modified-since': headers['last-modified'] ?? '' });
    expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', eTag]);
  });

  it('names the condition that did not hold', async () => {
    expect((await get({ 'if-match': '"other"' })).text).toContain('<Condition>If-Match</Condition>');
  });
});

describe('GetObject', () => {
  it('answers what the query overrides', async () => {
    const query = '?response-content-type=image%2Fpng&response-content-disposition=attachment%3B+filename%3D%22a%22';
    const { headers } = await get({}, query);
    expect(headers['content-type']).toBe('image/png');
    expect(headers['content-disposition']).toBe('attachment; filename="a"');
  });

  it('refuses an override that no header can carry', async () => {
    expect(codeOf(await get({}, '?response-content-type=%E6%97%A5'))).toBe('InvalidArgument');
    expect(codeOf(await get({}, '?response-content-type=a%0D%0Ab'))).toBe('InvalidArgument');
  });

  it('answers 404 NoSuchKey with the key when there is no object', async () => {
    const answer = await send(s3, 'GET', '/photos/a%20%26%20b');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NoSuchKey']);
    expect(answer.text).toContain('<Key>a &amp; b</Key>');
    expect(answer.headers['x-amz-delete-marker']).toBeUndefined();
  });
});

describe('HeadObject', () => {
  it('answers the headers of GetObject and no body', async () => {
    const head = await send(s3, 'HEAD', '/photos/ten');
    expect(head.body).toHaveLength(0);
    expect(head.headers).toMatchObject({ 'content-length': '10', 'content-type': 'text/plain' });
  });

  it('answers 206 and the length of a range', async () => {
    const head = await send(s3, 'HEAD', '/photos/ten', { range: 'bytes=0-3' });
    expect([head.status, head.headers['content-length']]).toEqual([206, '4']);
  });

  it('answers 404 without a body when there is no object', async () => {
    const head = await send(s3, 'HEAD', '/photos/none');
    expect([head.status, head.body.length]).toEqual([404, 0]);
  });
});
