import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32 as crc32OfNode } from 'node:zlib';
import { crc32 } from '../../../app/browser/crc32';

describe('the browser’s CRC-32', () => {
  it('equals Node’s for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        expect(crc32(bytes)).toBe(crc32OfNode(bytes));
      }),
    );
  });
});
