import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys, firstAfter, firstFrom } from '../../../src/s3/buckets/sorted-keys';

const keyArbitrary = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '\uffff', '\ue000', '😀', '𠮷'),
  maxLength: 6,
});

describe('compareKeys', () => {
  it('orders any two keys by their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareKeys('😀', '\uffff')).toBeGreaterThan(0);
  });
});

describe('the searches in sorted keys', () => {
  it('find the same index as a linear search', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keyArbitrary), keyArbitrary, (unsorted, key) => {
        const keys = [...unsorted].sort(compareKeys);
        expect(firstFrom(keys, key)).toBe(keys.filter((other) => compareKeys(other, key) < 0).length);
        expect(firstAfter(keys, key)).toBe(keys.filter((other) => compareKeys(other, key) <= 0).length);
      }),
    );
  });
});
