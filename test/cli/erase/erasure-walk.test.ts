import { describe, expect, it } from '@jest/globals';
import { ErasureWalk } from '../../../cli/erase/erasure-walk';
import type { ListedPhoto } from '../../../cli/photos/photo-list';

const versionsOfEachKey = 3;
const keys = Array.from({ length: 24 }, (_, at) => `photos/${String(at).padStart(2, '0')}.jpg`);
const photoOf = (key: string, version: number): ListedPhoto => ({
  location: {
    ...{ bucket: 'photos', key, versionId: `version-${version}`, eTag: 'abc' },
    ...{ isCopy: false, eventTime: '2026-11-23T10:00:00.000Z' },
  },
  ...{ bytes: 40_000, putAtMs: 0, isCurrent: version === 1, unprocessable: undefined },
});

/** Walks until the given number of messages was sent. @returns what was sent, and where to continue. */
async function walk(startAfter: string | undefined, interruptAfter = Infinity) {
  const interruption = new AbortController();
  const sent: string[] = [];
  const erasureWalk = new ErasureWalk({
    scope: {
      list: async function* () {
        for (const key of keys.filter((one) => startAfter === undefined || one > startAfter)) {
          yield await Promise.resolve(Array.from({ length: versionsOfEachKey }, (_, at) => photoOf(key, at + 1)));
        }
      },
      isChosen: () => Promise.resolve(true),
    },
    outcomes: { read: () => Promise.resolve({ kind: 'none' }) },
    feed: {
      send: (bodies) => {
        if (interruption.signal.aborted) return Promise.resolve(false);
        for (const body of bodies) {
          const { key, versionId } = JSON.parse(body) as { readonly key: string; readonly versionId: string };
          sent.push(`${key} ${versionId}`);
        }
        if (sent.length >= interruptAfter) interruption.abort();
        return Promise.resolve(true);
      },
    },
    signal: interruption.signal,
    onVersion: () => Promise.resolve(),
    onProgress: () => undefined,
  });
  const isWhole = await erasureWalk.run();
  return { isWhole, sent, position: erasureWalk.counts.position };
}

const all = keys.flatMap((key) => Array.from({ length: versionsOfEachKey }, (_, at) => `${key} version-${at + 1}`));

describe('an erasure that is interrupted', () => {
  it.each([1, 11, 21, 31, 61])('and continued leaves no version out: after %i messages', async (interruptAfter) => {
    const first = await walk(undefined, interruptAfter);
    expect(first.isWhole).toBe(false);
    const second = await walk(first.position);
    expect(second.isWhole).toBe(true);
    expect([...new Set([...first.sent, ...second.sent])].sort()).toEqual(all);
  });

  it('does not send the keys again that were done', async () => {
    const { position } = await walk(undefined, 31);
    expect(position).toBe('photos/09.jpg');
    expect((await walk(position)).sent).toEqual(all.slice(30));
  });
});
