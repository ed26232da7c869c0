import { describe, expect, it } from '@jest/globals';
import { renderTable } from '../../cli/terminal/table';

describe('renderTable', () => {
  it('aligns columns, with wide characters and right-aligned numbers', () => {
    expect(
      renderTable(
        [
          ['写真', '1', 'text'],
          ['a.jpg', '12,345', ''],
        ],
        { rightAligned: [1] },
      ),
    ).toEqual(['写真        1  text', 'a.jpg  12,345']);
  });

  it('wraps the last column at the width, and keeps commands whole', () => {
    const rows = [['name', 'one two three four: `a long command line` five']];
    expect(renderTable(rows, { maxWidth: 24 })).toEqual([
      'name  one two three\n      four:\n      `a long command line`\n      five',
    ]);
    expect(renderTable(rows, { maxWidth: 10 })).toHaveLength(1);
    expect(renderTable(rows, { maxWidth: 10 })[0]).not.toContain('\n');
  });
});
