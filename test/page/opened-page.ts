import type * as axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A file for the page. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The page in a separate browser context, with a record of its requests and errors. */
export class OpenedPage {
  /** The hosts of all requests. */
  readonly hosts = new Set<string>();
  /** Messages on the console and uncaught errors. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('request', (request) => {
      if (!request.url().startsWith('blob:')) this.hosts.add(new URL(request.url()).hostname);
    });
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await browser.newContext(options);
    // The default of 30 s is too short for a busy machine.
    context.setDefaultTimeout(600_000);
    const page = await context.newPage();
    // An init script, because the page's policy forbids foreign scripts later.
    await page.addInitScript({ content: axeSource });
    const opened = new OpenedPage(page);
    await page.goto(url);
    // The list of clients is filled when the page is connected.
    await page.locator('#client option').first().waitFor({ state: 'attached' });
    return opened;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  step(name: string): Locator {
    return this.page.locator(`[data-step="${name}"]`);
  }

  /** Waits for the photo's outcome. */
  async outcome(): Promise<string> {
    return this.page.locator('#steps-outcome .box').innerText();
  }

  async choose({ name, bytes }: GivenFile): Promise<void> {
    await this.page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'image/jpeg', buffer: bytes });
  }

  /** Drops a file onto the page like a person with a mouse. */
  async drop({ name, bytes }: GivenFile): Promise<void> {
    const dropped = await this.page.evaluateHandle(
      ([fileName, base64]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], fileName));
        return transfer;
      },
      [name, bytes.toString('base64')] as const,
    );
    await this.page.locator('#drop-zone').dispatchEvent('drop', { dataTransfer: dropped });
  }

  /** Waits for the result of the check before the upload. */
  async verdict(): Promise<string> {
    return this.page.locator('#check:not(:empty)').innerText();
  }

  /** The violations that axe finds in the page's current state. */
  async accessibilityViolations(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
