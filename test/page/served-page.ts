import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { cameraFlags, launchChromium } from '../../local/chromium';
import { until } from '../until';
import { ServedBucket } from '../local/start/served-bucket';
import { StartCommand } from '../local/start/start-command';
import { OpenedPage } from './opened-page';

/** `npm start -- --serve` with a browser. */
export class ServedPage {
  private constructor(
    private readonly folder: string,
    private readonly command: StartCommand,
    private readonly browser: Browser,
    readonly bucket: ServedBucket,
  ) {}

  /** @param executable of Chromium. */
  static async start(executable: string): Promise<ServedPage> {
    const folder = mkdtempSync(join(tmpdir(), 'page-test-'));
    const command = new StartCommand(['--serve'], folder);
    try {
      await until(() => command.out.includes('Ctrl-C stops it.'));
      return new ServedPage(
        folder,
        command,
        await launchChromium(executable, cameraFlags),
        new ServedBucket(command.out),
      );
    } catch (error) {
      command.kill();
      throw error;
    }
  }

  /** The command's output so far. */
  get printed(): string {
    return this.command.out;
  }

  /** Opens the page in a new browser context. */
  open(options?: BrowserContextOptions): Promise<OpenedPage> {
    const [, url = ''] = /^Page +(\S+)/m.exec(this.printed) ?? [];
    return OpenedPage.open(this.browser, url, options);
  }

  /** @returns the command's exit status and standard error. */
  async stop(): Promise<{ status: number | null; err: string }> {
    await this.browser.close();
    this.bucket.close();
    this.command.interrupt();
    const status = await this.command.status();
    rmSync(this.folder, { recursive: true });
    return { status, err: this.command.err };
  }
}
