import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHttpServer } from '../../examples/selfie-app/back-end/http-server';

const folder = join(__dirname, '..', '..', 'examples', 'selfie-app', 'page');
const s3 = new S3Client({ region: 'eu-west-2' });
const own = 'http://127.0.0.1:5173';
let server: Server;

beforeAll(async () => {
  const page = { folder, browserModule: join(folder, 'app.mjs') };
  const settings = { bucket: 'photos', keyPrefixes: [''] };
  const deps = { s3, settings, sessionKey: 'k'.repeat(64), isHttps: false, page, outcomeWaitMs: 0 };
  server = createHttpServer(deps, own);
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  s3.destroy();
  server.close();
});

async function statusFor(headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', path: '/', headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}

it.each([
  ['the page itself', { host: '127.0.0.1:5173' }, 200],
  ['a request of the page', { host: '127.0.0.1:5173', origin: own }, 200],
  ['a domain that resolves to this machine', { host: 'attacker.example:5173' }, 403],
  ['another port', { host: '127.0.0.1:80' }, 403],
  ['another page', { host: '127.0.0.1:5173', origin: 'https://attacker.example' }, 403],
  ['a page without an origin', { host: '127.0.0.1:5173', origin: 'null' }, 403],
])('the example’s server answers %s: %j with %s', async (_, headers, status) => {
  expect(await statusFor(headers)).toBe(status);
});
