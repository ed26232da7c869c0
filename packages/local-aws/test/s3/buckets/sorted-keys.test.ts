import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys, firstAfter, firstFrom, firstPastPrefix, SortedKeys } from '../../../src/s3/buckets/sorted-keys';

const keyArbitrary = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '\uffff', '\ue000', '😀', '𠮷'),
  maxLength: 6,
});

describe('compareKeys', () => {
  it('orders any two keys as their UTF-8 bytes are ordered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareKeys('😀', '\uffff')).toBeGreaterThan(0);
  });
});

describe('SortedKeys', () => {
  it('stays in order whatever is added and removed between looks', () => {
    const stepsArbitrary = fc.array(fc.oneof(keyArbitrary, fc.constant(undefined)), { maxLength: 60 });
    fc.assert(
      fc.property(stepsArbitrary, (steps) => {
        const keys = new SortedKeys();
        const model = new Set<string>();
        for (const key of [...steps, undefined]) {
          if (key === undefined) expect(keys.inOrder()).toEqual([...model].sort(compareKeys));
          else if (model.delete(key)) keys.remove(key);
          else {
            model.add(key);
            keys.add(key);
          }
        }
      }),
    );
  });

  it('stays in order when many keys change at once', () => {
    const keys = new SortedKeys();
    const all = Array.from({ length: 3000 }, (_, index) => `key-${(index * 1009) % 3000}`);
    all.forEach((key) => {
      keys.add(key);
    });
    expect(keys.inOrder()).toEqual([...all].sort());
    all.slice(0, 1500).forEach((key) => {
      keys.remove(key);
    });
    keys.add('key-0-again');
    expect(keys.inOrder()).toEqual([...all.slice(1500), 'key-0-again'].sort());
  });
});

describe('the searches in sorted keys', () => {
  it('find what looking at every key would find', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keyArbitrary), keyArbitrary, (unsorted, key) => {
        const keys = [...unsorted].sort(compareKeys);
        expect(firstFrom(keys, key)).toBe(keys.filter((other) => compareKeys(other, key) < 0).length);
        expect(firstAfter(keys, key)).toBe(keys.filter((other) => compareKeys(other, key) <= 0).length);
        const from = firstFrom(keys, key);
        const withPrefix = keys.filter((other) => other.startsWith(key)).length;
        expect(firstPastPrefix(keys, key, from)).toBe(from + withPrefix);
      }),
    );
  });
});
