import { describe, expect, it } from '@jest/globals';
import { renderTable } from '../../../local/start/outcome-table';
import type { Paint } from '../../../local/paint';
import type { PhotoResult } from '../../../local/start/photo-run';

const plain: Paint = (_, text) => text;
const result = (changes: Partial<PhotoResult>): PhotoResult => ({
  key: 'a.jpg',
  bytes: 60_000,
  status: 'uploaded',
  livePhotoId: '5eb1276d96be4a0008713af5',
  deliveries: 1,
  ms: 900,
  expected: 'uploaded',
  isAsExpected: true,
  ...changes,
});
const rejected = { status: 'rejected', livePhotoId: undefined };

describe('the outcome table', () => {
  it('shows each photo in a line, text to the left and numbers to the right', () => {
    const results = [
      result({}),
      result({ ...rejected, key: 'rejected/a b.png', bytes: 4_194_305, reason: 'too-large', expected: 'too-large' }),
      result({ key: '写真/山田.jpg', deliveries: 12, ms: 12_345 }),
    ];
    expect(renderTable(results, plain).split('\n')).toEqual([
      'object                bytes  outcome   live photo ID or rejection reason  deliveries      ms',
      'a.jpg                60,000  uploaded  5eb1276d96be4a0008713af5                    1     900',
      'rejected/a b.png  4,194,305  rejected  too-large                                   1     900',
      '写真/山田.jpg        60,000  uploaded  5eb1276d96be4a0008713af5                   12  12,345',
    ]);
  });

  it('says how a photo must have ended, and why it did not', () => {
    const wrong = { ...rejected, reason: 'too-small', detail: 'It has 2 bytes', isAsExpected: false };
    const [, line] = renderTable([result(wrong)], plain).split('\n');
    expect(line).toMatch(/^a\.jpg .* {2}too-small .* 900 {2}← must be uploaded: It has 2 bytes$/);
    const [, unfinished] = renderTable([result({ status: 'unfinished', isAsExpected: false })], plain).split('\n');
    expect(unfinished).toMatch(/← must be uploaded$/);
  });

  it('paints its head and the photos that did not end as they must', () => {
    const results = [result({}), result({ isAsExpected: false })];
    const [head, right, wrong] = renderTable(results, (colour, text) => `<${colour}>${text}`).split('\n');
    expect(head).toMatch(/^<dim>object/);
    expect(right).toMatch(/^a\.jpg/);
    expect(wrong).toMatch(/^<red>a\.jpg/);
  });

  it('keeps a key with control characters in its line', () => {
    expect(renderTable([result({ key: 'a\nb\u001B[2J' })], plain).split('\n')).toEqual([
      expect.anything(),
      expect.stringMatching(/^a\uFFFDb\uFFFD\[2J /),
    ]);
  });
});
