import type * as axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A file to give to the page. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The page in a browser of its own, and all that it asked for and complained of. */
export class OpenedPage {
  /** The hosts that it sent requests to. */
  readonly hosts = new Set<string>();
  /** What it wrote on the console, and what it threw. */
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
    // It only stops what hangs: the default of 30 s is too short for a busy machine.
    context.setDefaultTimeout(600_000);
    const page = await context.newPage();
    // Before the page's own program: later, its policy would not let a foreign one in.
    await page.addInitScript({ content: axeSource });
    const opened = new OpenedPage(page);
    await page.goto(url);
    // From here on it is connected.
    await page.locator('#client option').first().waitFor({ state: 'attached' });
    return opened;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  stage(name: string): Locator {
    return this.page.locator(`[data-stage="${name}"]`);
  }

  /** What the page tells of how the photo ended, once it does. */
  async outcome(): Promise<string> {
    return this.page.locator('#way-outcome .box').innerText();
  }

  async choose({ name, bytes }: GivenFile): Promise<void> {
    await this.page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'image/jpeg', buffer: bytes });
  }

  /** Drops a file onto the page as a person does with a mouse. */
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

  /** What the check before the upload says, once it has come to an end. */
  async verdict(): Promise<string> {
    return this.page.locator('#check:not(:empty)').innerText();
  }

  /** What axe finds wrong with the page as it stands, a line each. */
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
