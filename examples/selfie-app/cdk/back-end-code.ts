import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const app = join(__dirname, '..');

/**
 * Bundles the back end for Lambda, with the page.
 * @param browserModule the file of `complycube-live-photos/browser`.
 */
export function backEndCode(browserModule: string): Code {
  const folder = mkdtempSync(join(tmpdir(), 'selfie-app-code-'));
  buildSync({
    entryPoints: [join(app, 'back-end', 'lambda.ts')],
    outfile: join(folder, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
  });
  cpSync(join(app, 'page'), join(folder, 'page'), { recursive: true });
  cpSync(browserModule, join(folder, 'page', 'browser.mjs'));
  return Code.fromAsset(folder);
}
