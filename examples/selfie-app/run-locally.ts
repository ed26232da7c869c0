import { S3Client } from '@aws-sdk/client-s3';
import { uploadSettingsFrom } from 'complycube-live-photos/upload-settings';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleBrowserModule } from '../../build/browser-module';
import { createHttpServer } from './back-end/http-server';
import { signInLink } from './back-end/session';

// The SDK warns about old Node versions.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const [unknown] = process.argv.slice(2);
if (unknown === '--help') {
  console.log(
    'Starts the example app and the local pipeline. PORT sets the port of the app (default 5173). Ctrl-C stops both.',
  );
  process.exit(0);
}
if (unknown !== undefined) {
  console.error(`Unknown option '${unknown}' (see --help)`);
  process.exit(2);
}

const root = join(__dirname, '..', '..');
const { PORT = '5173' } = process.env;
const port = Number(PORT);
if (!/^\d+$/.test(PORT) || port < 1 || port > 65_535) {
  console.error(`PORT is ${PORT}: it must be a whole number from 1 to 65535`);
  process.exit(2);
}
const origin = `http://127.0.0.1:${port}`;

/** Starts the local pipeline, as in another terminal: `npm start -- --serve --origin http://127.0.0.1:5173`. */
const words = ['--import', 'tsx', 'local/start/main.ts', '--serve', '--origin', origin];
// Detached, so that Ctrl-C reaches only this process: a second signal would end the pipeline at once.
const pipeline = spawn(process.execPath, words, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
process.on('SIGINT', () => pipeline.kill('SIGINT'));
process.on('SIGTERM', () => pipeline.kill('SIGTERM'));
process.on('exit', () => pipeline.kill());
pipeline.on('close', (status) => (process.exitCode ??= status ?? 1));

let printed = '';
let isStarted = false;
pipeline.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  printed += chunk.toString();
  if (isStarted || !printed.includes('Ctrl-C stops it.')) return;
  isStarted = true;
  startApp();
});

/** Starts the app with the environment variables and the client that the pipeline printed. */
function startApp(): void {
  for (const [, name = '', value] of printed.matchAll(/(\b(?:AWS|LIVE_PHOTOS)_\w+)=(\S+)/g)) process.env[name] = value;
  const clientId = /^ {2}client +(\S+)/m.exec(printed)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'selfie-app-'));
  // In your app: require.resolve('complycube-live-photos/browser').
  const browserModule = join(folder, 'browser.mjs');
  writeFileSync(browserModule, bundleBrowserModule());
  const sessionKey = randomBytes(32).toString('hex');
  const server = createHttpServer(
    {
      s3: new S3Client(),
      settings: uploadSettingsFrom(process.env),
      sessionKey,
      isHttps: false,
      page: { folder: join(__dirname, 'page'), browserModule },
      outcomeWaitMs: 20_000,
    },
    origin,
  );
  server.on('error', ({ message }) => {
    console.error(`${message}. PORT sets another port.`);
    process.exitCode = 1;
    pipeline.kill('SIGINT');
  });
  server.listen(port, '127.0.0.1', () => console.log(`\nExample app      ${signInLink(origin, clientId, sessionKey)}`));
  pipeline.on('close', () => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
}
