import { ListObjectVersionsCommand, type ObjectVersion, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { PhotoWalk } from '../../cli/photos/photo-walk';
import { summarizeWalk } from '../../cli/photos/walk-summary';
import type { KnownOutcome } from '../../cli/photos/photo-outcome';

const s3 = mockClient(S3Client);
const keys = Array.from({ length: 57 }, (_, at) => `photo-${String(at).padStart(2, '0')}`);
const none: KnownOutcome = { kind: 'none' };
const uploaded: KnownOutcome = { kind: 'tagged', outcome: { status: 'uploaded', livePhotoId: 'id' } };
const scope = { bucket: 'photos', prefixes: [''], period: { sinceMs: undefined, untilMs: undefined } };

beforeEach(() => {
  s3.reset();
  s3.on(ListObjectVersionsCommand).callsFake(
    ({ Prefix = '', KeyMarker = '' }: { Prefix?: string; KeyMarker?: string }) => {
      const left = keys.filter((key) => key.startsWith(Prefix) && key > KeyMarker);
      const page = left.slice(0, 20);
      const Versions = page.map((Key) => ({
        Key,
        VersionId: 'v',
        IsLatest: true,
        ETag: '"e"',
        LastModified: new Date(0),
      }));
      return { Versions, IsTruncated: left.length > page.length, NextKeyMarker: page.at(-1), NextVersionIdMarker: 'v' };
    },
  );
});

/** Sends the photos that are not done, up to a number of batches. Then the feed is interrupted or fails. */
async function walk(
  done: ReadonlySet<string>,
  startAfter: string | undefined,
  batches: number,
  {
    failure,
    prefixes = scope.prefixes,
  }: { readonly failure?: Error | undefined; readonly prefixes?: readonly string[] } = {},
) {
  const sent: string[] = [];
  let left = batches;
  const feed = {
    send: (bodies: readonly string[]): Promise<boolean> => {
      if (left-- <= 0) return failure === undefined ? Promise.resolve(false) : Promise.reject(failure);
      sent.push(...bodies);
      return Promise.resolve(true);
    },
  };
  const photoWalk = new PhotoWalk(
    {
      scope: { ...scope, prefixes, startAfter },
      select: ({ location: { key } }, { kind }) => (kind === 'none' ? key : undefined),
    },
    {
      access: { s3: new S3Client({ region: 'us-east-1' }) },
      outcomes: { readTagged: ({ key }) => Promise.resolve(done.has(key) ? uploaded : none) },
      feed,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
  );
  const isWhole = await photoWalk.run().catch((error: unknown) => error);
  return { isWhole, sent, counts: photoWalk.counts };
}

describe('a walk over photo objects', () => {
  it('sends all photos without an outcome, in order, in batches, over all pages of the list', async () => {
    const { isWhole, sent, counts } = await walk(new Set(['photo-03']), undefined, Infinity);
    expect(isWhole).toBe(true);
    expect(sent).toEqual(keys.filter((key) => key !== 'photo-03'));
    expect(counts).toMatchObject({
      seen: 57,
      selected: 56,
      passedOver: { uploaded: 1 },
      requests: { lists: 3, tags: 57 },
    });
  });

  it.each([
    ['is interrupted', undefined],
    ['fails', new Error('throttled')],
  ])('that %s anywhere and continues from its position skips no photo', async (_, failure) => {
    const somePrefixes = fc.constantFrom([''], ['photo-1', 'photo-3', 'photo-5'], ['other/', 'photo-00', 'photo-2']);
    const somewhere = fc.tuple(fc.subarray(keys), fc.nat(6), somePrefixes);
    await fc.assert(
      fc.asyncProperty(somewhere, async ([done, batches, prefixes]) => {
        const first = await walk(new Set(done), undefined, batches, { failure, prefixes });
        const second = await walk(new Set(done), first.counts.position, Infinity, { prefixes });
        const inScope = keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
        const wanted = inScope.filter((key) => !done.includes(key));
        expect(first.counts.selected).toBe(first.sent.length);
        expect(first.isWhole).toBe(first.sent.length === wanted.length ? true : (failure ?? false));
        if (first.isWhole !== true) expect([...first.sent, ...second.sent]).toEqual(wanted);
      }),
    );
  });
});

describe("a walk over objects that the function can't process", () => {
  const listing = (...objects: [key: string, more: Partial<ObjectVersion>, StorageClass?: string][]) => {
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: objects.map(([Key, more, StorageClass]) => ({
        ...{ Key, VersionId: 'v', IsLatest: true, ETag: '"e"', LastModified: new Date(0), Size: 40_000 },
        // The SDK's type knows only STANDARD; S3 lists others too.
        ...(StorageClass !== undefined && { StorageClass: StorageClass as 'STANDARD' }),
        ...more,
      })),
    });
  };
  const RestoreExpiryDate = new Date(0);

  it('counts folder markers and does not send them', async () => {
    listing(['photos/', { Size: 0 }], ['photos/a', {}], ['photos/b/', { Size: 1 }], ['photos/empty', { Size: 0 }]);
    const { sent, counts } = await walk(new Set(), undefined, Infinity);
    expect(sent).toEqual(['photos/a', 'photos/b/', 'photos/empty']);
    expect(counts).toMatchObject({ seen: 4, selected: 3, passedOver: { folder: 1 } });
  });

  it('counts archived objects and does not send them', async () => {
    listing(
      ['archived', {}, 'GLACIER'],
      ['being restored', { RestoreStatus: { IsRestoreInProgress: true } }, 'INTELLIGENT_TIERING'],
      ['deep', {}, 'DEEP_ARCHIVE'],
      ['instant', {}, 'GLACIER_IR'],
      ['restored', { RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate } }, 'GLACIER'],
      ['standard', {}, 'STANDARD'],
      ['tiered', {}, 'INTELLIGENT_TIERING'],
    );
    const { sent, counts } = await walk(new Set(), undefined, Infinity);
    expect(sent).toEqual(['instant', 'restored', 'standard', 'tiered']);
    expect(counts).toMatchObject({ seen: 7, selected: 4, passedOver: { archived: 3 } });
    expect(s3.commandCalls(ListObjectVersionsCommand)[0]?.args[0].input).toMatchObject({
      OptionalObjectAttributes: ['RestoreStatus'],
    });
  });

  it('counts an object with an outcome by its outcome', async () => {
    listing(['archived', {}, 'GLACIER'], ['photos/', { Size: 0 }]);
    const { counts } = await walk(new Set(['archived', 'photos/']), undefined, Infinity);
    expect(counts).toMatchObject({ seen: 2, selected: 0, passedOver: { uploaded: 2 } });
  });

  it('mentions them in the summary', async () => {
    listing(['archived', {}, 'GLACIER'], ['photos/', { Size: 0 }], ['photos/a', {}]);
    const { counts } = await walk(new Set(), undefined, Infinity);
    const lines = summarizeWalk(counts, { isDryRun: false, rate: 10, what: 'photos without an outcome' });
    expect(lines[0]).toBe(
      '3 photo objects examined: 1 sent (photos without an outcome), 1 archived, 1 marking a folder.',
    );
    expect(lines.at(-1)).toBe("Archived objects can't be read: restore them, then run this command again.");
    const none = await walk(new Set(['archived', 'photos/']), undefined, Infinity);
    expect(summarizeWalk(none.counts, { isDryRun: true, rate: 10, what: 'photos' }).join(' ')).not.toContain('rchived');
  });
});
