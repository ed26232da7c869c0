import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findChromium } from '../../local/chromium';
import type { OpenedPage } from './opened-page';
import { ServedPage } from './served-page';

/** What each test of the page gets. */
export interface PageUnderTest {
  served: ServedPage;
  /** Opened for this test. */
  opened: OpenedPage;
}

/** Describes the page of `npm start -- --serve` in Chromium. Without Chromium it says that the tests are skipped. */
export function describePage(title: string, define: (test: PageUnderTest) => void): void {
  const executable = findChromium(process.env);
  if (executable === undefined) {
    process.stderr.write(`Skipped: ${title}. Chromium is not in PATH, and CHROMIUM_PATH is not set.\n`);
    describe('the page, without a browser', () => {
      it('is not tested', () => {
        expect(findChromium(process.env)).toBeUndefined();
      });
    });
    return;
  }
  describe(title, () => {
    const test = {} as PageUnderTest;
    beforeAll(async () => {
      test.served = await ServedPage.start(executable);
    });
    afterAll(async () => {
      expect(await test.served.stop()).toEqual({ status: 0, err: '' });
    });
    beforeEach(async () => {
      test.opened = await test.served.open();
    });
    // No test may cause requests to other hosts, or errors.
    afterEach(async () => {
      const { opened } = test;
      expect([...opened.hosts]).toEqual(['127.0.0.1']);
      expect(opened.complaints).toEqual([]);
      await opened.close();
    });
    define(test);
  });
}
