import { describe, expect, it } from '@jest/globals';
import { fit } from '../../cli/terminal/fit';
import { renderTable } from '../../cli/terminal/table';
import { columnsOf } from '../../cli/terminal/terminal';

describe('fit', () => {
  it('changes nothing that fits', () => {
    const text = 'A text\n\n  --name N  with a table\n';
    expect([fit(text), fit(text, 24)]).toEqual([text, text]);
  });

  it('joins a paragraph that was broken for a wider terminal', () => {
    expect(fit('one two three four five six seven eight\nnine ten\n\nend', 20)).toBe(
      'one two three four\nfive six seven eight\nnine ten\n\nend',
    );
  });

  it('wraps the text of a named line within its column, while the column is wide enough', () => {
    const lines = renderTable([['name', 'one two three four five six seven']]).join('\n');
    expect(fit(lines, 30)).toBe('name  one two three four five\n      six seven');
    expect(fit(lines, 26)).toBe('name\n    one two three four\n    five six seven');
  });

  it('keeps lines that belong to a name with it', () => {
    const text = '✗ check  it is wrong for several reasons\n         → fix it with this and that';
    expect(fit(text, 35)).toBe(
      '✗ check  it is wrong for several\n         reasons\n         → fix it with this and\n         that',
    );
    expect(fit(text, 25)).toBe(
      '✗ check\n    it is wrong for\n    several reasons\n    → fix it with this\n    and that',
    );
  });

  it('keeps commands, text in backquotes and long words whole', () => {
    const text =
      'Use `a long command line` or https://example.com/a/long/address\n  npx live-photos doctor --local http://127.0.0.1:1';
    expect(fit(text, 16)).toBe(
      'Use\n`a long command line`\nor\nhttps://example.com/a/long/address\n  npx live-photos doctor --local http://127.0.0.1:1',
    );
  });

  it('does not break a command of several lines', () => {
    const text = '  export AWS_REGION=us-east-1 \\\n    AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 \\\n    A=b';
    expect(fit(text, 20)).toBe(text);
  });

  it('does not count the escape sequences of colours', () => {
    const green = '\u001B[32mone two three\u001B[0m';
    expect(fit(green, 13)).toBe(green);
  });
});

describe('the width of a stream', () => {
  it('is that of its terminal, unless COLUMNS is set', () => {
    expect(columnsOf({ isTTY: true, columns: 80 }, {})).toBe(80);
    expect(columnsOf({ isTTY: true, columns: 0 }, {})).toBeUndefined();
    expect(columnsOf({ isTTY: false, columns: 80 }, {})).toBeUndefined();
    expect(columnsOf({ isTTY: false, columns: 80 }, { COLUMNS: '40' })).toBe(40);
    for (const COLUMNS of ['', '0', 'wide']) expect(columnsOf({ isTTY: true, columns: 80 }, { COLUMNS })).toBe(80);
  });
});
