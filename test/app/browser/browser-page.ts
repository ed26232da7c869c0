import { afterAll, beforeAll } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import type * as livePhotos from '../../../app/browser/index';
import { bundleBrowserModule } from '../../../build/browser-module';
import { launchChromium } from '../../../local/chromium';
import { describeInChromium } from '../../describe-in-chromium';

declare global {
  interface Window {
    /** The module under test. */
    readonly livePhotos: typeof livePhotos;
    /** Loads a file that {@link BrowserPage.serve} serves. */
    readonly load: (name: string) => Promise<Blob>;
    /** Draws noise with a corner of each colour: red, green, blue and yellow, clockwise from the top left. */
    readonly draw: (width: number, height: number) => OffscreenCanvas;
    readonly toBase64: (file: Blob) => Promise<string>;
  }
}

const program = `
window.livePhotos = await import('/browser.mjs');
window.load = async (name) => (await fetch('/files/' + name)).blob();
window.toBase64 = async (file) => {
  let text = '';
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let at = 0; at < bytes.length; at += 10_000) text += String.fromCharCode(...bytes.subarray(at, at + 10_000));
  return btoa(text);
};
window.draw = (width, height) => {
  const tile = new OffscreenCanvas(256, 256);
  const noise = new ImageData(256, 256);
  let random = 1;
  noise.data.forEach((_, at) => {
    random = (random * 48271) % 2147483647;
    noise.data[at] = at % 4 === 3 ? 255 : 90 + (random % 76);
  });
  tile.getContext('2d').putImageData(noise, 0, 0);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = context.createPattern(tile, 'repeat');
  context.fillRect(0, 0, width, height);
  [['red', 0, 0], ['lime', 0.9, 0], ['blue', 0.9, 0.9], ['yellow', 0, 0.9]].forEach(([colour, x, y]) => {
    context.fillStyle = colour;
    context.fillRect(x * width, y * height, width / 10, height / 10);
  });
  return canvas;
};
`;

/** Chromium with an empty page that has the module, as it is built for the package. */
export class BrowserPage {
  private readonly files = new Map<string, Uint8Array>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  /** @param policy the page's Content-Security-Policy. */
  static async open(executable: string, policy: string): Promise<BrowserPage> {
    const module = bundleBrowserModule();
    const server = createServer(({ url = '' }, response) => {
      const file = opened.files.get(url.replace('/files/', ''));
      if (file !== undefined) response.end(file);
      else if (url.endsWith('js')) {
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(url === '/browser.mjs' ? module : program);
      } else {
        const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
        response.writeHead(200, headers).end('<!doctype html><script type="module" src="/test.js"></script>');
      }
    });
    server.unref().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchChromium(executable);
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = new BrowserPage(url, server, browser, page);
    await page.goto(url);
    await page.waitForFunction(() => 'draw' in window);
    return opened;
  }

  /** Makes a file available to `load` in the page. */
  serve(name: string, bytes: Uint8Array): void {
    this.files.set(name, bytes);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Describes tests that open a {@link BrowserPage}. */
export function describeBrowserPage(title: string, define: (opened: () => BrowserPage) => void, policy = ''): void {
  describeInChromium(title, (executable) => {
    let opened: BrowserPage;
    beforeAll(async () => {
      opened = await BrowserPage.open(executable, policy);
    });
    afterAll(() => opened.close());
    define(() => opened);
  });
}
