import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { csvRow } from '../../cli/report/report';
import { isWithin, parsePeriod } from '../../cli/photos/period';
import { renderProgress, ProgressBar } from '../../cli/terminal/progress';
import { count, duration, printable, shellWord } from '../../cli/terminal/text';

describe('shellWord', () => {
  const readByBash = (word: string): string =>
    execFileSync('bash', ['--norc', '-c', `printf %s ${shellWord(word)}`], {
      encoding: 'utf8',
      env: { LC_ALL: 'C.UTF-8' },
    });

  it.each(['photos/a.jpg', 'it\'s $HOME `ls` "x"', 'two\nlines\ttab', 'a\\b\n', '写真', '', "'\u0001'"])(
    'quotes %j so that bash reads the same word',
    (word) => {
      expect(readByBash(word)).toBe(word);
    },
  );
});

describe('csvRow', () => {
  it('quotes only the cells that RFC 4180 requires', () => {
    expect(csvRow(['plain', 'a,b', 'say "x"', 'two\nlines', ''])).toBe('plain,"a,b","say ""x""","two\nlines",');
  });

  it.each(['=cmd()', '+1', '-1', '@x', '\tx', '\rx'])('escapes a cell that starts like a formula: %j', (cell) => {
    expect(csvRow([cell]).replace(/^"/, '')).toMatch(/^'/);
  });

  it('is read back unchanged by a CSV reader', () => {
    const read = (row: string): string[] =>
      [...`,${row}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      );
    const cell = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2 }), (cells) => {
        expect(read(csvRow(cells))).toEqual(cells);
      }),
    );
  });
});

describe('a period', () => {
  it('includes its start and excludes its end', () => {
    const period = parsePeriod('2026-11-01', '2026-11-02');
    expect(isWithin(Date.UTC(2026, 10, 1), period)).toBe(true);
    expect(isWithin(Date.UTC(2026, 10, 2) - 1, period)).toBe(true);
    expect(isWithin(Date.UTC(2026, 10, 2), period)).toBe(false);
    expect(isWithin(0, parsePeriod(undefined, undefined))).toBe(true);
  });
});

describe('formatting', () => {
  it('formats counts and durations, and replaces control characters', () => {
    expect([count(1, 'photo'), count(2_000, 'photo')]).toEqual(['1 photo', '2,000 photos']);
    expect([0, 59_000, 61_000, 3_600_000, 100_000_000].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min 1 s',
      '1 h',
      '1 d 3 h',
    ]);
    expect(printable('a\u001B[2Jb')).toBe('a\uFFFD[2Jb');
  });
});

describe('progress', () => {
  it('shows share, rate and remaining time', () => {
    expect(renderProgress({ done: 600, total: 1_000, note: '5 sent' }, 10)).toBe(
      `${'█'.repeat(14)}${'░'.repeat(10)} 60%  600/1,000  10/s  40 s left  5 sent`,
    );
    expect(renderProgress({ done: 7, total: undefined, note: 'counting' }, undefined)).toBe('7  counting');
  });

  it('never exceeds 100 %, even if objects are created in the meantime', () => {
    expect(renderProgress({ done: 12, total: 10, note: '' }, 1)).toContain(' 100%  12/10  1/s  0 s left');
    expect(renderProgress({ done: 0, total: 0, note: '' }, undefined)).toContain('100%');
  });

  it('measures the rate of the last 30 seconds, and draws at most ten times a second', () => {
    let nowMs = 0;
    const drawn: string[] = [];
    const bar = new ProgressBar({ isTerminal: true, redraw: (line) => drawn.push(line) }, () => nowMs);
    // A hundred a second for a minute, then ten a second for a minute.
    let done = 0;
    for (; nowMs < 120_000; nowMs += 50) {
      done += nowMs < 60_000 ? 5 : 0.5;
      bar.update({ done, total: 10_000, note: '' });
    }
    expect(drawn.length).toBe(1_200);
    expect(drawn.at(-1)).toContain('10/s');
    expect(drawn.at(599)).toContain('100/s');
  });
});
