import { describe, expect, it } from '@jest/globals';
import { CpuAllowance } from '../../bench/cpu-share';
import { bestSize, dollarsPerMillion, hasRoom } from '../../bench/memory-sizes';

const size = (memoryMb: number, dollars: number, peakMb: number, redeliveredPeakMb = peakMb) => ({
  memoryMb,
  peakMb,
  redeliveredPeakMb,
  dollarsPerMillion: dollars,
  billedMs: { median: 1, low: 1, high: 1, rounds: 1 },
});

describe('dollarsPerMillion', () => {
  it('multiplies time, memory and price, and adds a tenth of a request per photo', () => {
    expect(dollarsPerMillion(1024, 1_000)).toBeCloseTo(13.3334 + 0.02, 6);
    expect(dollarsPerMillion(512, 100)).toBeCloseTo(0.66667 + 0.02, 5);
  });
});

describe('bestSize', () => {
  it('is the cheapest size that has enough room', () => {
    const sizes = [size(128, 0.1, 150), size(256, 0.3, 190), size(512, 0.2, 190)];
    expect(bestSize(sizes)?.memoryMb).toBe(512);
  });

  it('has enough room for redelivered photos too', () => {
    const sizes = [size(256, 0.1, 190, 300), size(512, 0.2, 190, 300)];
    expect(bestSize(sizes)?.memoryMb).toBe(512);
  });

  it('is undefined if no size has enough room', () => {
    expect(bestSize([size(128, 0.1, 120)])).toBeUndefined();
  });

  it('reserves a fifth of the memory', () => {
    expect(hasRoom(size(100, 1, 80))).toBe(true);
    expect(hasRoom(size(100, 1, 80.1))).toBe(false);
  });
});

describe('CpuAllowance', () => {
  it('is used up as soon as the process uses more than its share', () => {
    const allowance = new CpuAllowance(0.25, 0, 0);
    expect(allowance.isUsedUp(2, 2)).toBe(false);
    expect(allowance.isUsedUp(8, 8)).toBe(true);
  });

  it('grows with time, after overuse is deducted', () => {
    const allowance = new CpuAllowance(0.25, 0, 0);
    expect(allowance.isUsedUp(10, 10)).toBe(true);
    expect(allowance.isUsedUp(19, 10)).toBe(true);
    expect(allowance.isUsedUp(21, 10)).toBe(false);
  });

  it('grows to one burst at most', () => {
    const allowance = new CpuAllowance(0.25, 0, 0);
    expect(allowance.isUsedUp(10_000, 0)).toBe(false);
    expect(allowance.isUsedUp(10_005, 5)).toBe(false);
    expect(allowance.isUsedUp(10_007, 7)).toBe(true);
  });
});
