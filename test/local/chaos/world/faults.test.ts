import { describe, expect, it } from '@jest/globals';
import { S3Error } from 'local-aws/s3/errors';
import { ClockShifts } from '../../../../local/chaos/world/clock-shifts';
import { S3Faults } from '../../../../local/chaos/world/s3-faults';
import { ServiceFaults } from '../../../../local/chaos/world/service-faults';

const operations = ['GetObject', 'GetObjectTagging', 'PutObjectTagging', 'PutObject', 'DeleteObject'];

/** The faults of many requests, before and after they take effect. */
function s3FaultsOf(seed: number, accessKeyId: string): Set<string> {
  const faults = new S3Faults(seed, 'function');
  const names = new Set<string>();
  for (let at = 0; at < 5_000; at++) {
    for (const operation of operations) {
      const call = { operation, key: `photos/${at}`, accessKeyId };
      for (const fault of [faults.before(call), faults.after(call)]) {
        if (fault !== undefined) names.add(fault instanceof S3Error ? fault.code : fault);
      }
    }
  }
  return names;
}

describe('the faults of S3', () => {
  it('are of every kind', () => {
    expect([...s3FaultsOf(7, 'function')].sort()).toEqual([
      ...['AccessDenied', 'InternalError', 'OperationAborted', 'SlowDown', 'drip', 'hang', 'html-403', 'html-404'],
      ...['html-502', 'reset', 'reset-in-body', 'stall'],
    ]);
  });

  it('affect only the requests of the function', () => {
    expect(s3FaultsOf(7, 'app')).toEqual(new Set());
  });

  it('are the same for the same object, operation and seed', () => {
    const ofSeed = (seed: number): unknown[] => {
      const faults = new S3Faults(seed, 'function');
      return Array.from({ length: 300 }, (_, at) =>
        faults.before({ operation: 'GetObject', key: `photos/${at}`, accessKeyId: 'function' }),
      );
    };
    expect(ofSeed(7)).toEqual(ofSeed(7));
    expect(ofSeed(7)).not.toEqual(ofSeed(8));
  });
});

describe('the faults of another service', () => {
  it('are of every kind, and only of the given operations', () => {
    const faults = new ServiceFaults(7, 'SQS', ['SendMessage']);
    for (let at = 0; at < 1_000; at++) {
      expect(faults.fault('ReceiveMessage')).toBeUndefined();
      faults.fault('SendMessage');
      faults.faultAfter('SendMessage');
    }
    expect(Object.keys(faults.counts).sort()).toEqual(['error', 'hang', 'reset', 'throttling']);
  });
});

describe('the clocks of execution environments', () => {
  it('differ by up to the clock skew, and never by more', () => {
    const clocks = new ClockShifts(7, 1_000);
    for (let at = 0; at < 20; at++) clocks.next();
    expect([clocks.count, clocks.largestDifferenceMs]).toEqual([20, 1_000]);
  });
});
