import type * as axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page, Route } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { until } from '../until';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A file for the page. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Default: `image/jpeg`. */
  readonly mimeType?: string;
}

/** The page in a separate browser context, with a record of its requests and errors. */
export class OpenedPage {
  /** The hosts of all requests. */
  readonly hosts = new Set<string>();
  /** Messages on the console and uncaught errors. */
  readonly complaints: string[] = [];

  /** How many workers were started. */
  workers = 0;
  private readonly heldUploads: Route[] = [];
  private readonly isUpload = (url: URL): boolean => url.origin !== new URL(this.page.url()).origin;

  private constructor(readonly page: Page) {
    page.on('request', (request) => {
      if (!request.url().startsWith('blob:')) this.hosts.add(new URL(request.url()).hostname);
    });
    page.on('worker', () => (this.workers += 1));
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

  /** Sets the switch of a fault, and waits until the server has done it. */
  async setFault(name: string, isOn: boolean): Promise<void> {
    const done = this.page.waitForResponse('**/faults');
    await this.page.getByRole('switch', { name }).setChecked(isOn);
    await done;
  }

  step(name: string): Locator {
    return this.page.locator(`[data-step="${name}"]`);
  }

  /** Waits for the photo's outcome. */
  async outcome(): Promise<string> {
    return this.page.locator('#steps-outcome .box').innerText();
  }

  async choose({ name, bytes, mimeType = 'image/jpeg' }: GivenFile): Promise<void> {
    await this.page.getByLabel('Choose a file').setInputFiles({ name, mimeType, buffer: bytes });
  }

  async chooseClient(name: string): Promise<void> {
    await this.page.getByLabel('Client', { exact: true }).selectOption(name);
  }

  /** Chooses a photo and sends it. */
  async send(photo: GivenFile, client = 'A client that ComplyCube knows'): Promise<void> {
    await this.choose(photo);
    await this.chooseClient(client);
    await this.button('Send the photo').click();
  }

  async isFocused(selector: string): Promise<boolean> {
    return this.page.locator(selector).evaluate((element) => element === document.activeElement);
  }

  /** Waits until the whole element is in view. */
  async inView(selector: string): Promise<void> {
    const element = this.page.locator(selector);
    await until(() =>
      element.evaluate((wanted) => {
        const { top, bottom } = wanted.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      }),
    );
  }

  /** The number of recent photos. */
  async listed(): Promise<number> {
    return this.page.locator('#recent > li').count();
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

  /** Waits until the chosen photo can be sent. */
  async ready(): Promise<void> {
    await this.page.locator('#send[aria-disabled="false"]').waitFor();
  }

  /** Draws a picture with the browser's own encoder. */
  async draw(name: string, mimeType: string, widthPixels: number): Promise<GivenFile> {
    const base64 = await this.page.evaluate(
      ([type, width]) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = width;
        const context = canvas.getContext('2d');
        for (let x = 0; x < width; x += 4) {
          for (let y = 0; y < width; y += 4) {
            context?.fillRect(x, y, (x * y) % 4, (x + y) % 5);
          }
        }
        return canvas.toDataURL(type, 0.9).split(',')[1] ?? '';
      },
      [mimeType, widthPixels] as const,
    );
    return { name, mimeType, bytes: Buffer.from(base64, 'base64') };
  }

  /** Waits until an upload fails. */
  async failure(): Promise<string> {
    return this.page.locator('#send-problem .box').innerText();
  }

  /** Why the photo can't be sent. */
  async sendHint(): Promise<string> {
    return this.page.locator('#send-hint').innerText();
  }

  /** Sends the chosen photo over a connection that gives no answer. */
  async sendWithoutAnswer(): Promise<void> {
    await this.page.route(this.isUpload, (route) => {
      this.heldUploads.push(route);
    });
    await this.button('Send the photo').click();
    await until(() => this.heldUploads.length > 0);
  }

  /** Breaks this connection, and the page can't ask whether the photo arrived. */
  async breakConnection(): Promise<void> {
    await this.page.route('**/photos/*', (route) => route.abort());
    for (const upload of this.heldUploads.splice(0)) await upload.abort();
    await this.page.unroute(this.isUpload);
  }

  /** Ends {@link breakConnection}. */
  async repairConnection(): Promise<void> {
    await this.page.unroute('**/photos/*');
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
