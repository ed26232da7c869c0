import { describe, expect, it } from '@jest/globals';
import type { LoggedPhoto } from '../../../local/start/function-log';
import type { Paint } from '../../../local/paint';
import type { PhotoResult } from '../../../local/start/photo-run';
import { renderLogged, renderProgress, renderReport, renderResults } from '../../../local/start/report';

const marked: Paint = (colour, text) => `<${colour}>${text}</>`;
const plain: Paint = (_, text) => text;
const result = (changes: Partial<PhotoResult> = {}): PhotoResult => ({
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
const wrongResult = result({ isAsExpected: false });
const rejected = { status: 'rejected', livePhotoId: undefined };

describe('the report of a run', () => {
  it('marks each photo as expected or not', () => {
    expect(renderProgress(result(), '1/2', marked)).toBe('  <green>✓</> 1/2  uploaded  a.jpg  <dim>900 ms</>');
    expect(renderProgress(result(rejected), '1/2', marked)).toContain('rejected, as expected  a.jpg');
    expect(renderProgress(wrongResult, '2/2', marked)).toBe('  <red>✗</> 2/2  uploaded  a.jpg  <dim>900 ms</>');
  });

  it('ends with a summary', () => {
    const lastLine = (...results: PhotoResult[]) => renderReport(results, marked).split('\n').at(-1);
    expect(lastLine(result())).toBe('<green>1 photo had the expected outcome.</>');
    expect(lastLine(result(), result())).toBe('<green>2 photos had the expected outcome.</>');
    expect(lastLine(result(), wrongResult)).toBe('<red>1 of 2 photos did not have the expected outcome.</>');
  });
});

describe('the outcome table', () => {
  it('has one line per photo, with right-aligned numbers', () => {
    const results = [
      result({}),
      result({ ...rejected, key: 'rejected/a b.png', bytes: 4_194_305, reason: 'too-large', expected: 'too-large' }),
      result({ key: '写真/山田.jpg', deliveries: 12, ms: 12_345 }),
    ];
    expect(renderResults(results, plain).split('\n')).toEqual([
      'object                bytes  outcome   live photo ID or rejection reason  deliveries      ms',
      'a.jpg                60,000  uploaded  5eb1276d96be4a0008713af5                    1     900',
      'rejected/a b.png  4,194,305  rejected  too-large                                   1     900',
      '写真/山田.jpg        60,000  uploaded  5eb1276d96be4a0008713af5                   12  12,345',
    ]);
  });

  it('shows the expected outcome and why it was not reached', () => {
    const wrong = { ...rejected, reason: 'too-small', detail: 'It has 2 bytes', isAsExpected: false };
    const [, line] = renderResults([result(wrong)], plain).split('\n');
    expect(line).toMatch(/^a\.jpg .* {2}too-small .* 900 {2}← expected uploaded: It has 2 bytes$/);
    const [, unfinished] = renderResults([result({ status: 'unfinished', isAsExpected: false })], plain).split('\n');
    expect(unfinished).toMatch(/← expected uploaded$/);
  });

  it('colours the header and photos with another outcome than expected', () => {
    const results = [result({}), result({ isAsExpected: false })];
    const [head, right, wrong] = renderResults(results, (colour, text) => `<${colour}>${text}`).split('\n');
    expect(head).toMatch(/^<dim>object/);
    expect(right).toMatch(/^a\.jpg/);
    expect(wrong).toMatch(/^<red>a\.jpg/);
  });

  it('replaces control characters in keys', () => {
    expect(renderResults([result({ key: 'a\nb\u001B[2J' })], plain).split('\n')).toEqual([
      expect.anything(),
      expect.stringMatching(/^a\uFFFDb\uFFFD\[2J /),
    ]);
  });
});

describe('the rendering of a log entry', () => {
  const logged = (changes: Partial<LoggedPhoto>): LoggedPhoto => ({
    key: 'a\n.jpg',
    deliveries: 1,
    status: undefined,
    livePhotoId: undefined,
    reason: undefined,
    detail: undefined,
    isTagged: true,
    error: undefined,
    ...changes,
  });

  it.each([
    [{ status: 'uploaded', livePhotoId: 'id' }, '  <green>uploaded</>  a\uFFFD.jpg  id'],
    [{ status: 'rejected', reason: 'too-small' }, '  <red>rejected</>  a\uFFFD.jpg  too-small'],
    [{ status: 'skipped', reason: 'gone' }, '  <dim>skipped</>  a\uFFFD.jpg  gone'],
    [
      { error: 'RetryLaterError: ComplyCube answered\n500' },
      '  <dim>↻ retried later  a\uFFFD.jpg  ComplyCube answered\uFFFD500</>',
    ],
  ])('renders %j', (changes, line) => {
    expect(renderLogged(logged(changes), marked)).toBe(line);
  });
});
