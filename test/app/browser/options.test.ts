import { expect, it } from '@jest/globals';
import type { Request } from 'playwright-core';
import { describeBrowserPage } from './browser-page';

describeBrowserPage('options of the functions for pages', (opened) => {
  /** @returns the name and message of the error. */
  const call = (code: string): Promise<string> =>
    opened().page.evaluate(`livePhotos.${code}.then(JSON.stringify, ({ name, message }) => name + ': ' + message)`);
  const grant = (): string => JSON.stringify({ url: opened().url, fields: {} });

  it.each([
    ['a typo in a name', 'checkPhoto(new Blob(), { text: {} })', 'TypeError: There is no option text'],
    [
      'a typo in a name',
      'preparePhoto(new Blob(), { stripMetaData: true })',
      'TypeError: There is no option stripMetaData',
    ],
    [
      'a text for a flag',
      "preparePhoto(new Blob(), { stripMetadata: 'no' })",
      'TypeError: The option stripMetadata must be a boolean',
    ],
    ['a text for texts', "checkPhoto(new Blob(), { texts: 'de' })", 'TypeError: The option texts must be a object'],
    [
      'no function as a decoder',
      'preparePhoto(new Blob(), { decode: {} })',
      'TypeError: The option decode must be a function',
    ],
  ])('throw for %s: %s', async (_, code, error) => {
    expect(await call(code)).toBe(error);
  });

  it.each([
    ['{ timeoutMS: 5 }', 'TypeError: There is no option timeoutMS'],
    ['{ hasarrived: async () => true }', 'TypeError: There is no option hasarrived'],
    ["{ timeoutMs: 'soon' }", 'TypeError: The option timeoutMs must be a number'],
    ['{ timeoutMs: null }', 'TypeError: The option timeoutMs must be a number'],
    ['{ timeoutMs: NaN }', 'RangeError: The option timeoutMs must be more than 0'],
    ['{ timeoutMs: 0 }', 'RangeError: The option timeoutMs must be more than 0'],
    ['{ timeoutMs: -1 }', 'RangeError: The option timeoutMs must be more than 0'],
    ['{ hasArrived: true }', 'TypeError: The option hasArrived must be a function'],
  ])('of sendPhoto throw for %s before anything is sent', async (options, error) => {
    const { page } = opened();
    const requests: string[] = [];
    const listener = (request: Request): number => requests.push(request.url());
    page.on('request', listener);
    expect(await call(`sendPhoto(${grant()}, new Blob(), ${options})`)).toBe(error);
    page.off('request', listener);
    expect(requests).toEqual([]);
  });

  it('may be undefined', async () => {
    const options =
      '{ stripMetadata: undefined, decode: undefined, onProgress: undefined, signal: undefined, texts: undefined }';
    expect(await call(`preparePhoto(new Blob(), ${options})`)).toContain('too-small');
  });
});
