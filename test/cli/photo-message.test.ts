import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { photoMessage } from '../../cli/photos/photo-message';
import { inOrder } from '../../cli/photos/in-order';
import { readMessage } from '../../contract/object-events';
import { rejectionReasons } from '../../contract/outcome';

describe('photoMessage', () => {
  it('is parsed by the function as exactly this version of the object, for any key', () => {
    const location = fc.record({
      bucket: fc.constant('photos'),
      key: fc.string({ minLength: 1, unit: 'binary' }),
      versionId: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      eTag: fc.stringMatching(/^[0-9a-f]{32}$/),
      isCopy: fc.constant(false),
      eventTime: fc.constant('2026-11-23T10:00:00.000Z'),
    });
    fc.assert(
      fc.property(location, fc.option(fc.constantFrom(...rejectionReasons), { nil: undefined }), (photo, rejection) => {
        const nowMs = Date.parse(photo.eventTime);
        const body = photoMessage(photo, {
          command: 'redrive',
          nowMs,
          ...(rejection && { retractedRejection: rejection }),
        });
        expect(readMessage(body).photos).toEqual([{ ...photo, retractedRejection: rejection }]);
      }),
    );
  });
});

describe('inOrder', () => {
  it('yields results in the order of the source, with limited concurrency', async () => {
    let running = 0;
    let most = 0;
    const ready: (() => void)[] = [];
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++running);
      // Later items finish earlier.
      await new Promise<void>((resolve) => {
        ready.unshift(resolve);
        setImmediate(() => ready.shift()?.());
      });
      running--;
      return item;
    };
    const results: number[] = [];
    for await (const result of inOrder(
      Array.from({ length: 20 }, (_, at) => at),
      4,
      work,
    ))
      results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(most).toBe(4);
  });

  it('fails with the first error, and leaves no rejection unhandled', async () => {
    const work = (item: number): Promise<number> =>
      item > 0 ? Promise.reject(new Error(`item ${item}`)) : Promise.resolve(item);
    const results = inOrder([0, 1, 2], 3, work);
    await expect(results.next()).resolves.toEqual({ done: false, value: 0 });
    await expect(results.next()).rejects.toThrow('item 1');
  });
});
