import { describe, expect, it } from '@jest/globals';
import { findChromium } from '../local/chromium';

/** Describes tests in Chromium. Without Chromium it says that they are skipped. @param define gets the path of Chromium. */
export function describeInChromium(title: string, define: (executable: string) => void): void {
  const executable = findChromium(process.env);
  if (executable !== undefined) {
    describe(title, () => {
      define(executable);
    });
    return;
  }
  process.stderr.write(`Skipped: ${title}. Chromium is not in PATH, and CHROMIUM_PATH is not set.\n`);
  describe(`${title}, without a browser`, () => {
    it('is not tested', () => {
      expect(findChromium(process.env)).toBeUndefined();
    });
  });
}
