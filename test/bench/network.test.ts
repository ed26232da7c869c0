import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { paced, serialCalls } from '../../bench/services/network';

describe('serialCalls', () => {
  it.each([
    ['nothing without calls', [], 0],
    ['calls one after another', [{ from: 0, to: 1 }, { from: 2, to: 3 }, { from: 3, to: 4 }], 3], // prettier-ignore
    ['parallel calls once', [{ from: 0, to: 10 }, { from: 1, to: 9 }, { from: 2, to: 11 }], 1], // prettier-ignore
    ['two short calls during a long one', [{ from: 0, to: 10 }, { from: 0, to: 4 }, { from: 5, to: 9 }], 2], // prettier-ignore
    ['calls in any order', [{ from: 5, to: 6 }, { from: 0, to: 1 }], 2], // prettier-ignore
  ])('counts %s', (_, intervals, calls) => {
    expect(serialCalls(intervals)).toBe(calls);
  });
});

describe('paced', () => {
  it.each([undefined, 1e6])('passes on every byte with a bandwidth of %p bytes per second', async (bytesPerSecond) => {
    const chunks = [Buffer.from('abc'), Buffer.from('def')];
    const passed: Buffer[] = [];
    for await (const chunk of paced(Readable.from(chunks), bytesPerSecond)) passed.push(chunk);
    expect(Buffer.concat(passed).toString()).toBe('abcdef');
  });
});
