import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSecretsManager, startSecretsManager } from 'local-aws/secrets-manager/server';
import { signInLink } from '../../examples/selfie-app/back-end/session';
import { backEndCode } from '../../examples/selfie-app/cdk/back-end-code';

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
type Handler = (event: object) => Promise<Answer>;

describe('the example’s back end on Lambda', () => {
  const sessionKey = 'k'.repeat(64);
  const folder = mkdtempSync(join(tmpdir(), 'lambda-test-'));
  const before = { ...process.env };
  let secrets: LocalSecretsManager;
  let secretId: string;
  let code: string;
  let handler: Handler;

  beforeAll(async () => {
    secrets = await startSecretsManager();
    secretId = secrets.createSecret('session-key').arn;
    const variables = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      LIVE_PHOTOS_BUCKET: 'photos',
      SESSION_KEY_SECRET_ID: secretId,
    };
    Object.assign(process.env, variables);
    const browserModule = join(folder, 'index.mjs');
    writeFileSync(browserModule, '// the module for browsers');
    const built = backEndCode(browserModule);
    if (!(built instanceof AssetCode)) throw new Error('The code is no folder');
    code = built.path;
    // The deployed bundle, not its source.
    ({ handler } = (await import(join(code, 'index.js'))) as { handler: Handler });
  });
  afterAll(async () => {
    process.env = before;
    await secrets.close();
    for (const path of [folder, code]) rmSync(path, { recursive: true });
  });

  const request = (method: string, path: string, query = '', cookies?: readonly string[]): Promise<Answer> =>
    handler({ rawPath: path, rawQueryString: query, cookies, requestContext: { http: { method } } });

  it('reads the key of the sessions again after a failure', async () => {
    await expect(request('GET', '/')).rejects.toThrow('find the specified secret value');
    secrets.putSecretValue(secretId, sessionKey);
    expect((await request('GET', '/')).statusCode).toBe(200);
  });

  it('serves the page with the module for browsers', async () => {
    expect((await request('GET', '/')).body).toContain('<h1>Your selfie</h1>');
    expect(await request('GET', '/browser.mjs')).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/javascript' },
      body: '// the module for browsers',
    });
  });

  it('signs in with a link, and grants an upload with the cookie', async () => {
    const [path = '', query = ''] = signInLink('', 'client-1', sessionKey).split('?');
    const { statusCode, headers } = await request('GET', path, query);
    expect(statusCode).toBe(303);
    const cookies = ['other=1', headers['set-cookie']?.split(';')[0] ?? ''];
    expect((await request('POST', '/photo-grants')).statusCode).toBe(401);
    const granted = await request('POST', '/photo-grants', 'type=image/png', cookies);
    expect(JSON.parse(granted.body)).toMatchObject({
      fields: { 'x-amz-meta-client-id': 'client-1', 'Content-Type': 'image/png' },
    });
  });
});
