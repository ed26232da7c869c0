import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { describeInChromium } from '../describe-in-chromium';
import type { OpenedPage } from './opened-page';
import { ServedPage } from './served-page';

/** What each test of the page gets. */
export interface PageUnderTest {
  served: ServedPage;
  /** Opened for this test. */
  opened: OpenedPage;
}

/** Describes the page of `npm start -- --serve` in Chromium. */
export function describePage(title: string, define: (test: PageUnderTest) => void): void {
  describeInChromium(title, (executable) => {
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
