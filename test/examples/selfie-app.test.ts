import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../local/chromium';
import { makeJpeg } from 'sample-photos/jpeg';
import { describeInChromium } from '../describe-in-chromium';
import { StartCommand } from '../local/start/start-command';

/** A port that was free a moment ago: the pipeline needs the app's origin before the app can listen. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describeInChromium('npm run example', (executable) => {
  const folder = mkdtempSync(join(tmpdir(), 'example-test-'));
  let command: StartCommand;
  let browser: Browser;
  let page: Page;
  let link: URL;

  beforeAll(async () => {
    const variables = { PORT: String(await freePort()) };
    command = new StartCommand([], folder, variables, 'examples/selfie-app/run-locally.ts');
    await command.printed('Example app');
    link = new URL(/^Example app +(\S+)/m.exec(command.out)?.[1] ?? '');
    browser = await launchChromium(executable);
    page = await browser.newPage();
    page.setDefaultTimeout(600_000);
  });

  afterAll(async () => {
    await browser.close();
    command.interrupt();
    expect({ status: await command.status(), err: command.err }).toEqual({ status: 0, err: '' });
    rmSync(folder, { recursive: true });
  });

  async function send(bytes: Buffer): Promise<string> {
    await page
      .getByLabel('A photo of your face')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: bytes });
    await page.getByRole('button', { name: 'Send' }).click();
    // The button is disabled until the outcome is shown.
    await page.locator('button:enabled').waitFor();
    return page.getByRole('status').innerText();
  }

  it('sends the photo of a person who is signed in, and shows its outcome', async () => {
    await page.goto(link.href);
    expect(await send(makeJpeg({ bytes: 60_000, seed: 1 }))).toBe('Thank you. We have your photo.');
  });

  it('says what is wrong with a photo that can’t be sent', async () => {
    await page.goto(link.href);
    expect(await send(Buffer.from('no photo'))).toBe('This file can’t be used. Choose a JPEG or PNG.');
  });

  it.each(['erased', 'absent'])('ends when the photo is %s', async (status) => {
    await page.goto(link.href);
    await page.route('**/photo-outcome', (route) => route.fulfill({ json: { status } }));
    expect(await send(makeJpeg({ bytes: 60_000, seed: 3 }))).toBe('Your photo was deleted.');
    await page.unroute('**/photo-outcome');
  });

  it('sends nothing for a stranger', async () => {
    await page.context().clearCookies();
    await page.goto(link.origin);
    expect(await send(makeJpeg({ bytes: 60_000, seed: 2 }))).toBe('Something went wrong. Please try again.');
  });

  it('names the variable for another port if its port is in use', async () => {
    const second = new StartCommand([], folder, { PORT: link.port }, 'examples/selfie-app/run-locally.ts');
    expect(await second.status()).toBe(1);
    expect(second.err).toMatch(/^listen EADDRINUSE.*PORT sets another port\.\n$/);
  });
});
