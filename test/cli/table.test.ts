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
        [1],
      ),
    ).toEqual(['写真        1  text', 'a.jpg  12,345']);
  });
});
