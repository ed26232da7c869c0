import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/command-error';
import { parseDashboardArguments } from '../../../local/dashboard/dashboard-arguments';

describe('the command line of the dashboard', () => {
  it('has defaults: a page in dist and no screenshot', () => {
    expect(parseDashboardArguments([])).toEqual({ out: 'dist/dashboard.html', screenshot: undefined });
    expect(parseDashboardArguments(['--out', 'a.html', '--screenshot', 'b.png'])).toEqual({
      out: 'a.html',
      screenshot: 'b.png',
    });
    expect(parseDashboardArguments(['--help', '--out', 'a.html'])).toBe('help');
  });

  it.each([
    [['--screenshot', 'b.jpg'], 'must end with .png'],
    [['--open'], "Unknown option '--open'"],
    [['page.html'], "Unexpected argument 'page.html'"],
  ])('refuses %j', (words, message) => {
    expect(() => parseDashboardArguments(words)).toThrow(UsageError);
    expect(() => parseDashboardArguments(words)).toThrow(message);
  });
});
