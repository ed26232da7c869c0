import { PutObjectCommand, PutObjectTaggingCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { answer, type ApiDeps } from '../../examples/selfie-app/back-end/api';
import { seal } from '../../examples/selfie-app/back-end/seal';
import { openSession, sealSession, sessionMs, signInLink } from '../../examples/selfie-app/back-end/session';
import { mergeTags } from '../../contract/outcome-tags';
import { reject } from '../../contract/outcome';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { s3Client } from '../s3-client';

const sessionKey = 'k'.repeat(64);
const app = join(__dirname, '..', '..', 'examples', 'selfie-app');
let server: LocalS3;
let s3: S3Client;
let deps: ApiDeps;
/** The cookies of the browser. */
let cookies: string;

beforeAll(async () => {
  server = await startS3();
  await server.createBucket('photos');
  s3 = s3Client(server);
  const page = { folder: join(app, 'page'), browserModule: join(app, 'page', 'app.mjs') };
  const settings = { bucket: 'photos', keyPrefixes: ['selfies/'] };
  deps = { s3, settings, sessionKey, isHttps: true, page, outcomeWaitMs: 300_000 };
});

afterAll(async () => {
  s3.destroy();
  await server.close();
});

beforeEach(() => {
  cookies = '';
});

/** Requests like a browser: keeps the session's cookie. */
async function request(method: string, path: string) {
  const { status, headers, body } = await answer({ method, path, cookies }, deps);
  cookies = headers['set-cookie']?.split(';')[0] ?? cookies;
  return {
    status,
    headers,
    body: headers['content-type'] === 'application/json' ? (JSON.parse(body) as object) : body,
  };
}

const signIn = (clientId = 'client-1') => request('GET', signInLink('', clientId, sessionKey));

/** Grants a photo. @returns its object, and the paths that ask for it. */
async function grant() {
  const { body } = await request('POST', '/photo-grants');
  const { photoId, fields } = body as { photoId: string; fields: { key: string } };
  const [arrived, outcome] = [`/photo-arrived?photoId=${photoId}`, `/photo-outcome?photoId=${photoId}`];
  return { photoId, object: { Bucket: 'photos', Key: fields.key }, arrived, outcome };
}

describe('the example’s back end', () => {
  it.each([
    ['POST', '/photo-grants'],
    ['GET', '/photo-arrived'],
    ['GET', '/photo-outcome'],
    ['GET', '/anything'],
  ])('refuses a stranger: %s %s', async (method, path) => {
    expect((await request(method, path)).status).toBe(401);
    cookies = `session=${sealSession({ clientId: 'client-1', expiresAt: Date.now() + 1000 }, 'x'.repeat(64))}`;
    expect((await request(method, path)).status).toBe(401);
  });

  it('refuses a session that has expired, and one whose client ID was changed', async () => {
    const expired = sealSession({ clientId: 'client-1', expiresAt: Date.now() - 1 }, sessionKey);
    expect((await request('GET', `/sign-in?session=${expired}`)).status).toBe(403);
    const [content = '', signature = ''] = sealSession(
      { clientId: 'client-1', expiresAt: Date.now() + 1000 },
      sessionKey,
    ).split('.');
    const changed = Buffer.from(content, 'base64url').toString().replace('client-1', 'client-2');
    expect(openSession(`${Buffer.from(changed).toString('base64url')}.${signature}`, sessionKey)).toBeUndefined();
    expect(openSession(`${content}.${signature}`, sessionKey)).toMatchObject({ clientId: 'client-1' });
  });

  it('refuses a key that could be guessed', () => {
    expect(() => signInLink('', 'client-1', '')).toThrow('at least 32 characters');
  });

  it('signs in with a cookie that scripts and other sites can’t use', async () => {
    const { status, headers } = await signIn();
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: '/' });
    expect(headers['set-cookie']).toMatch(
      new RegExp(`^session=[\\w.-]+; Path=/; Max-Age=${sessionMs / 1000}; HttpOnly; SameSite=Strict; Secure$`),
    );
  });

  it('grants an upload only for the client of the session', async () => {
    await signIn('client-7');
    const { body } = await request('POST', '/photo-grants?type=image/png&clientId=client-8');
    expect(body).toMatchObject({ fields: { 'x-amz-meta-client-id': 'client-7', 'Content-Type': 'image/png' } });
    expect(body).toMatchObject({ fields: { key: expect.stringMatching(/^selfies\//) as unknown } });
  });

  it('knows whether each photo has arrived, and its outcome, also after another grant', async () => {
    await signIn();
    const [photo, other] = [await grant(), await grant()];
    expect((await request('GET', photo.arrived)).body).toEqual({ hasArrived: false });
    await s3.send(new PutObjectCommand({ ...photo.object, Body: 'photo' }));
    expect((await request('GET', photo.arrived)).body).toEqual({ hasArrived: true });
    expect((await request('GET', other.arrived)).body).toEqual({ hasArrived: false });
    const refused = reject('refused-by-complycube', 'ComplyCube answered 422: No face');
    const TagSet = [...mergeTags(new Map(), refused)].map(([Key, Value]) => ({ Key, Value }));
    await s3.send(new PutObjectTaggingCommand({ ...photo.object, Tagging: { TagSet } }));
    expect((await request('GET', photo.outcome)).body).toEqual(refused);
  });

  it('tells nobody about photos of other people, or of a key that somebody chose', async () => {
    await signIn('client-1');
    const { arrived, outcome, object } = await grant();
    await s3.send(new PutObjectCommand({ ...object, Body: 'photo' }));
    const content = Buffer.from(JSON.stringify({ clientId: 'client-2', photoKey: object.Key })).toString('base64url');
    const signature = arrived.split('.')[1] ?? '';
    await signIn('client-2');
    const ownSession = cookies.replace('session=', '');
    const chosen = ['', object.Key, `${content}.${signature}`, `${content}.`, ownSession].map(
      (photoId) => `/photo-arrived?photoId=${encodeURIComponent(photoId)}`,
    );
    for (const path of [arrived, outcome, '/photo-arrived', '/photo-outcome', ...chosen]) {
      expect({ path, ...(await request('GET', path)) }).toMatchObject({ path, status: 404 });
    }
  });

  it('signs nobody in with the ID of a photo', async () => {
    await signIn();
    const { photoId } = await grant();
    expect((await request('GET', `/sign-in?session=${photoId}`)).status).toBe(403);
    cookies = `session=${photoId}`;
    expect((await request('POST', '/photo-grants')).status).toBe(401);
    const sealed = seal({ clientId: 'client-1', expiresAt: Date.now() + 1000 }, 'photo', sessionKey);
    expect(openSession(sealed, sessionKey)).toBeUndefined();
  });

  it('serves the page, and nothing outside of its folder', async () => {
    expect((await request('GET', '/')).body).toContain('<h1>Your selfie</h1>');
    expect((await request('GET', '/app.mjs')).headers['content-type']).toBe('text/javascript');
    expect((await request('GET', '/../back-end/session.ts')).status).toBe(401);
  });
});
