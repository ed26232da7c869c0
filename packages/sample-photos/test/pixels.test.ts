import { expect, it } from '@jest/globals';
import { decodeJpeg, encodeJpeg } from 'sample-photos/pixels';

it('decodes what it encodes, with the loss of JPEG', () => {
  const grey = { width: 16, height: 8, data: new Uint8Array(16 * 8 * 4).fill(120) };
  const { width, height, data } = decodeJpeg(encodeJpeg(grey, 90));
  expect([width, height]).toEqual([16, 8]);
  expect(Math.max(...data.filter((_, at) => at % 4 !== 3).map((level) => Math.abs(level - 120)))).toBeLessThan(4);
});
