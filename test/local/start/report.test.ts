import { describe, expect, it } from '@jest/globals';
import type { LoggedPhoto } from '../../../local/start/function-log';
import type { Paint } from '../../../local/paint';
import type { PhotoResult } from '../../../local/start/photo-run';
import { renderLogged, renderProgress, renderReport } from '../../../local/start/report';

const marked: Paint = (colour, text) => `<${colour}>${text}</>`;
const result = (isAsExpected: boolean): PhotoResult => ({
  key: 'a.jpg',
  bytes: 60_000,
  status: 'uploaded',
  deliveries: 1,
  ms: 900,
  expected: 'uploaded',
  isAsExpected,
});

describe('the report of a run', () => {
  it('marks each photo as it ends', () => {
    expect(renderProgress(result(true), '1/2', marked)).toBe('  <green>✓</> 1/2  uploaded  a.jpg  <dim>900 ms</>');
    expect(renderProgress(result(false), '2/2', marked)).toBe('  <red>✗</> 2/2  uploaded  a.jpg  <dim>900 ms</>');
  });

  it('sums up at the end', () => {
    const lastLine = (...results: PhotoResult[]) => renderReport(results, marked).split('\n').at(-1);
    expect(lastLine(result(true))).toBe('<green>The one photo ended as it must.</>');
    expect(lastLine(result(true), result(true))).toBe('<green>All 2 photos ended as they must.</>');
    expect(lastLine(result(true), result(false))).toBe('<red>1 of 2 photos did not end as they must.</>');
  });
});

describe('what is said of a log line', () => {
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
    [{ error: 'ComplyCube answered\n500' }, '  <dim>↻ tried again later  a\uFFFD.jpg  ComplyCube answered\uFFFD500</>'],
  ])('tells %j', (changes, line) => {
    expect(renderLogged(logged(changes), marked)).toBe(line);
  });
});
