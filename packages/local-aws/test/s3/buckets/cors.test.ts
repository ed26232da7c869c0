import { describe, expect, it } from '@jest/globals';
import { codeOf, type RawAnswer, send, useS3 } from '../s3-requests';

const page = 'https://app.example.com';
const cors = [
  {
    allowedOrigins: [page, 'https://*.preview.example.com'],
    allowedMethods: ['POST'],
    allowedHeaders: ['X-App-*'],
    exposedHeaders: ['ETag', 'x-amz-version-id'],
    maxAgeSeconds: 60,
  },
  { allowedOrigins: ['*'], allowedMethods: ['GET'] },
];
const s3 = useS3({ closed: {}, photos: { cors } });

const sendPreflight = (origin: string, method: string, headers = '', path = '/photos/a'): Promise<RawAnswer> =>
  send(s3, 'OPTIONS', path, {
    origin,
    'access-control-request-method': method,
    ...(headers !== '' && { 'access-control-request-headers': headers }),
  });

describe('a preflight request', () => {
  it('returns the permissions of a page', async () => {
    const { status, headers } = await sendPreflight(page, 'POST', 'x-app-version, X-App-Build', '/photos');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'x-app-version, x-app-build',
      'access-control-expose-headers': 'ETag, x-amz-version-id',
      'access-control-max-age': '60',
      'access-control-allow-credentials': 'true',
      vary: expect.stringContaining('Origin'),
    });
  });

  it('is accepted from any origin that matches a pattern', async () => {
    const origin = 'https://pr-7.preview.example.com';
    expect((await sendPreflight(origin, 'POST')).headers['access-control-allow-origin']).toBe(origin);
    expect((await sendPreflight('https://anyone.example', 'GET')).headers['access-control-allow-origin']).toBe('*');
  });

  it('has no credentials header if the rule allows all origins', async () => {
    expect((await sendPreflight('https://anyone.example', 'GET')).headers).not.toHaveProperty(
      'access-control-allow-credentials',
    );
  });

  it.each([
    ['another origin', 'https://attacker.example', 'POST', ''],
    ['another scheme', 'http://app.example.com', 'POST', ''],
    ['another port', `${page}:8443`, 'POST', ''],
    ['an origin with the same ending', 'https://preview.example.com', 'POST', ''],
    ['another method', page, 'PUT', ''],
    ['another header', page, 'POST', 'x-app-version, x-amz-acl'],
  ])('is refused for %s', async (_, origin, method, headers) => {
    const answer = await sendPreflight(origin, method, headers);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'AccessForbidden']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each(['/closed', '/nobody'])('to %s is refused because there are no rules', async (path) => {
    const answer = await sendPreflight(page, 'POST', '', path);
    expect(codeOf(answer)).toBe('AccessForbidden');
    expect(answer.text).toContain('CORS is not enabled for this bucket');
  });

  it.each([
    ['Origin', { 'access-control-request-method': 'POST' }],
    ['Access-Control-Request-Method', { origin: page }],
  ])('without %s is a bad request', async (named, headers) => {
    const answer = await send(s3, 'OPTIONS', '/photos', headers);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BadRequest']);
    expect(answer.text).toContain(named);
  });
});

describe('a response', () => {
  it('can be read by a page of an allowed origin, even an error', async () => {
    const answer = await send(s3, 'POST', '/photos', { origin: page }, 'x');
    expect(answer.status).toBe(412);
    expect(answer.headers['access-control-allow-origin']).toBe(page);
    const got = await send(s3, 'GET', '/photos/none', { origin: 'https://anyone.example' });
    expect(got.headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    ['of another origin', 'POST', '/photos', 'https://attacker.example'],
    ['that used another method', 'PUT', '/photos/a', page],
    ['of a bucket without rules', 'GET', '/closed', page],
  ])('is unreadable for a page %s', async (_, method, path, origin) => {
    const { headers, status } = await send(s3, method, path, { origin }, 'x');
    expect(status).toBe(403);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('to a caller that is not a page has no CORS headers', async () => {
    expect((await send(s3, 'GET', '/photos/none')).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
