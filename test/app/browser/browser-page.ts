import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import type * as livePhotos from '../../../app/browser/index';
import { bundleBrowserModule } from '../../../build/browser-module';
import { launchChromium } from '../../../local/chromium';

declare global {
  interface Window {
    /** The module under test. */
    readonly livePhotos: typeof livePhotos;
    /** Loads a file that {@link BrowserPage.serve} serves. */
    readonly load: (name: string) => Promise<Blob>;
  }
}

const html = `<!doctype html><title>Test</title><script type="module">
window.livePhotos = await import('/browser.mjs');
window.load = async (name) => (await fetch('/files/' + name)).blob();
</script>`;

/** Chromium with an empty page that has the module, as it is built for the package. */
export class BrowserPage {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly files: Map<string, Uint8Array>,
    private readonly close: () => void,
  ) {}

  /** @param headers of the page, such as a Content-Security-Policy. */
  static async open(executable: string, headers: Readonly<Record<string, string>> = {}): Promise<BrowserPage> {
    const files = new Map<string, Uint8Array>();
    const module = bundleBrowserModule();
    const server = createServer(({ url = '' }, response) => {
      const file = files.get(url.replace('/files/', ''));
      if (url === '/browser.mjs') response.writeHead(200, { 'content-type': 'text/javascript' }).end(module);
      else if (file !== undefined) response.end(file);
      else response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html);
    });
    server.unref().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchChromium(executable);
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'load' in window);
    return new BrowserPage(browser, page, files, () => {
      server.close();
      server.closeAllConnections();
    });
  }

  /** Makes a file available to `load` in the page. */
  serve(name: string, bytes: Uint8Array): void {
    this.files.set(name, bytes);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.close();
  }
}
