import { expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { bundleBrowserModule } from '../../../build/browser-module';

const built = Buffer.from(bundleBrowserModule());

it('has at most 8,192 bytes with gzip -9', () => {
  expect(gzipSync(built, { level: 9 }).length).toBeLessThanOrEqual(8 * 1024);
});

it('imports nothing', () => {
  expect(built.toString()).not.toMatch(/\bimport\b|\brequire\b/);
});
