import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMinistack, variablesForEmulator } from '../../e2e/ministack-server';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-photos-ministack-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a ministack that does not start', () => {
  it('is told of with the end of its log', async () => {
    const script = '#!/bin/sh\necho "no such module: hypercorn" >&2\nexit 3\n';
    writeFileSync(join(folder, 'ministack'), script, { mode: 0o755 });
    await expect(startMinistack(folder, join(folder, 'state'))).rejects.toThrow(
      'ministack did not start:\nno such module: hypercorn',
    );
  });

  it('is told of when there is no such program', async () => {
    await expect(startMinistack(folder, join(folder, 'state'))).rejects.toThrow('ENOENT');
  });
});

describe('the variables of an emulator', () => {
  it('say nothing of the AWS account that is in use, and name no proxy', () => {
    expect(
      variablesForEmulator({
        PATH: '/bin',
        AWS_PROFILE: 'production',
        AWS_ENDPOINT_URL_S3: 'x',
        NODE_EXTRA_CA_CERTS: 'y',
        HTTPS_PROXY: 'z',
        http_proxy: 'z',
      }),
    ).toEqual({ PATH: '/bin' });
  });
});
