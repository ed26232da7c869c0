import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../local/chromium';
import { makeJpeg } from 'sample-photos/jpeg';
import { describeInChromium } from '../describe-in-chromium';
import { ServedBucket } from '../local/start/served-bucket';
import { StartCommand } from '../local/start/start-command';
import { until } from '../until';

/**
 * A port on which the app can listen later: the pipeline needs the app's origin first. Linux and macOS give these ports to no
 * connection of another test.
 */
async function freePort(): Promise<number> {
  const server = createServer();
  try {
    const port = randomInt(20_000, 30_000);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return port;
  } catch {
    return await freePort();
  } finally {
    server.close();
  }
}

it.each(['abc', '70000', '0', '-1', '5173.5'])(
  'the example refuses the port %s by the name of its variable',
  async (port) => {
    const command = new StartCommand([], tmpdir(), { PORT: port }, 'examples/selfie-app/run-locally.ts');
    expect(await command.status()).toBe(2);
    expect(command.err).toBe(`PORT is ${port}: it must be a whole number from 1 to 65535\n`);
  },
);

describeInChromium('npm run example', (executable) => {
  const folder = mkdtempSync(join(tmpdir(), 'example-test-'));
  let command: StartCommand;
  let bucket: ServedBucket;
  let browser: Browser;
  let page: Page;
  let link: URL;
  let seed = 0;
  /** How many grants the page got, and how many photos S3 had before the test. */
  let grants: number;
  let before: number;

  beforeAll(async () => {
    const variables = { PORT: String(await freePort()) };
    command = new StartCommand([], folder, variables, 'examples/selfie-app/run-locally.ts');
    await command.printed('Example app');
    bucket = new ServedBucket(command.out);
    link = new URL(/^Example app +(\S+)/m.exec(command.out)?.[1] ?? '');
    browser = await launchChromium(executable);
  });

  afterAll(async () => {
    await browser.close();
    bucket.close();
    command.interrupt();
    expect({ status: await command.status(), err: command.err }).toEqual({ status: 0, err: '' });
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.clock.install();
    grants = 0;
    page.on('request', (request) => (grants += request.url().includes('/photo-grants') ? 1 : 0));
    before = await bucket.versions();
    await page.goto(link.href);
  });
  afterEach(() => page.close());

  const newPhoto = (): Buffer => makeJpeg({ bytes: 60_000, seed: ++seed });
  const photosOfTest = async (): Promise<number> => (await bucket.versions()) - before;
  const button = () => page.getByRole('button', { name: 'Send' });

  async function choose(bytes: Buffer): Promise<void> {
    await page
      .getByLabel('A photo of your face')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: bytes });
  }

  /** @returns what the page says at the end. @param isWaiting whether the page waits for a timer. */
  async function send(isWaiting = () => false): Promise<string> {
    await button().click();
    await until(async () => {
      if (isWaiting()) await page.clock.fastForward(1_000);
      // No photo can be chosen until the end.
      return page.locator('input').isEnabled();
    });
    return page.getByRole('status').innerText();
  }

  /** The first form with a photo gets no answer, and then the page can't ask whether the photo arrived. */
  async function breakConnection(isStored: boolean): Promise<() => boolean> {
    let isBroken = false;
    const isS3 = ({ origin }: URL): boolean => origin !== link.origin;
    await page.route(isS3, async (route) => {
      if (isBroken || route.request().method() !== 'POST') return route.continue();
      if (isStored) await route.fetch();
      isBroken = true;
      return route.abort('connectionreset');
    });
    await page.route('**/photo-arrived*', (route) => route.abort('internetdisconnected'), { times: 1 });
    return () => isBroken;
  }

  it('sends the photo of a person who is signed in, and shows its outcome', async () => {
    await choose(newPhoto());
    expect(await send()).toBe('Thank you. We have your photo.');
    expect(await photosOfTest()).toBe(1);
  });

  it('sends a photo again only after another one was chosen', async () => {
    await choose(newPhoto());
    await send();
    expect(await button().isDisabled()).toBe(true);
    await choose(newPhoto());
    expect(await page.getByRole('status').innerText()).toBe('');
    expect(await send()).toBe('Thank you. We have your photo.');
    expect(await photosOfTest()).toBe(2);
  });

  it.each([true, false])(
    'makes one photo object if the connection breaks and S3 has the photo: %s',
    async (isStored) => {
      await choose(newPhoto());
      const isBroken = await breakConnection(isStored);
      expect(await send(isBroken)).toContain('the photo is sent only if it did not arrive');
      expect(await photosOfTest()).toBe(isStored ? 1 : 0);
      expect(await send()).toBe('Thank you. We have your photo.');
      expect({ photos: await photosOfTest(), grants }).toEqual({ photos: 1, grants: 1 });
    },
  );

  it('asks again for the outcome after a failure, and sends the photo once', async () => {
    await choose(newPhoto());
    let failures = 0;
    await page.route('**/photo-outcome*', async (route) => {
      failures += 1;
      if (failures === 1) await route.abort('internetdisconnected');
      else if (failures === 2) await route.fulfill({ status: 502 });
      else await route.continue();
    });
    expect(await send(() => failures > 0)).toBe('Thank you. We have your photo.');
    expect(await photosOfTest()).toBe(1);
  });

  it('sends the photo once if the session ends before its outcome', async () => {
    await choose(newPhoto());
    await page.route('**/photo-outcome*', (route) => route.fulfill({ status: 401 }), { times: 1 });
    expect(await send()).toContain('You are signed out.');
    expect(await send()).toBe('Thank you. We have your photo.');
    expect({ photos: await photosOfTest(), grants }).toEqual({ photos: 1, grants: 1 });
  });

  it('gets another grant if the first one has expired', async () => {
    await choose(newPhoto());
    const body =
      '<Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message></Error>';
    const expired = { status: 403, headers: { 'access-control-allow-origin': '*' }, body };
    await page.route(
      ({ origin }) => origin !== link.origin,
      (route) => route.fulfill(expired),
      { times: 1 },
    );
    expect(await send()).toBe('The photo was not sent in time. Please try again.');
    expect(await send()).toBe('Thank you. We have your photo.');
    expect({ photos: await photosOfTest(), grants }).toEqual({ photos: 1, grants: 2 });
  });

  it('says what is wrong with a photo that can’t be sent', async () => {
    await choose(Buffer.from('no photo'));
    expect(await send()).toBe('This file can’t be used. Choose a JPEG or PNG.');
  });

  it.each(['erased', 'absent'])('ends when the photo is %s', async (status) => {
    await page.route('**/photo-outcome*', (route) => route.fulfill({ json: { status } }));
    await choose(newPhoto());
    expect(await send()).toBe('Your photo was deleted.');
  });

  it('sends nothing for a stranger', async () => {
    await page.context().clearCookies();
    await page.goto(link.origin);
    await choose(newPhoto());
    expect(await send()).toContain('You are signed out.');
    expect(await photosOfTest()).toBe(0);
  });

  it('names the variable for another port if its port is in use', async () => {
    const second = new StartCommand([], folder, { PORT: link.port }, 'examples/selfie-app/run-locally.ts');
    expect(await second.status()).toBe(1);
    expect(second.err).toMatch(/^listen EADDRINUSE.*PORT sets another port\.\n$/);
  });
});
