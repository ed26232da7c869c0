import { describe, expect, it } from '@jest/globals';
import { rejectionReasons } from '../../contract/outcome';
import { UsageError } from '../../cli/command-error';
import { parseCommandLine } from '../../cli/command-line';
import { redrivableReasons } from '../../cli/redrive/dead-letter-reason';
import { commandNames, helpAbout } from '../../cli/options';

const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '));

describe('a command line', () => {
  it('is about the stack LivePhotos unless it names another', () => {
    expect(parse('doctor')).toEqual({ name: 'doctor', stack: { stackName: 'LivePhotos' }, isJson: false });
    expect(parse('doctor --stack Kyc --json')).toMatchObject({ stack: { stackName: 'Kyc' }, isJson: true });
    expect(parse('doctor --local http://127.0.0.1:80/x')).toMatchObject({ stack: { localUrl: 'http://127.0.0.1' } });
  });

  it('reads what to send', () => {
    expect(
      parse('backfill --prefix a/ --since 2026-01-01 --until 2026-02-01T00:00:00+01:00 --rate 2.5 --dry-run'),
    ).toEqual({
      ...{ name: 'backfill', stack: { stackName: 'LivePhotos' }, isJson: false },
      ...{ prefix: 'a/', startAfter: undefined, rate: 2.5, isDryRun: true, isAgreed: false },
      period: { sinceMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2026, 0, 31, 23) },
    });
    expect(parse('redrive rejected --reason too-small --reason too-large --yes')).toMatchObject({
      ...{ name: 'redrive rejected', reasons: ['too-small', 'too-large'], isAgreed: true },
    });
    expect(parse('redrive dead-letters')).toMatchObject({ name: 'redrive dead-letters', reasons: undefined });
  });

  it('takes a key that begins with a hyphen behind --', () => {
    expect(parse('status -- -photo.jpg')).toMatchObject({ key: '-photo.jpg' });
  });

  it('asks for help', () => {
    expect(parse('--help')).toEqual({ name: 'help', about: undefined });
    expect(parse('backfill --help --nonsense'.replace(' --nonsense', ''))).toEqual({ name: 'help', about: 'backfill' });
    expect(parse('help report')).toEqual({ name: 'help', about: 'report' });
  });

  it.each([
    ['', 'Which command? doctor, status, backfill, redrive, report (--help says all)'],
    ['heal', 'There is no command heal: choose from'],
    ['doctor --fast', "Unknown option '--fast'"],
    ['doctor --since 2026-01-01', '--since does not go with doctor'],
    ['doctor now', 'now is one word too many'],
    ['status', 'KEY is missing: live-photos status KEY'],
    ['redrive', 'dead-letters|rejected is missing'],
    ['redrive all', 'There is no redrive all: choose dead-letters or rejected'],
    ['redrive rejected', '--reason is missing: choose from client-id-missing'],
    ['redrive rejected --reason ugly', '--reason is ugly: choose from'],
    ['redrive rejected --reason tag-limit-reached', 'then backfill'],
    ['redrive dead-letters --reason ugly', '--reason is ugly: choose from outcome-known'],
    ['redrive dead-letters --reason not-an-event', '--reason is not-an-event: choose from outcome-known'],
    ['redrive dead-letters --prefix a', '--prefix does not go with redrive'],
    ['backfill --rate 0', '--rate is 0: give photos a second, above 0'],
    ['backfill --rate fast', '--rate is fast'],
    ['report --since yesterday', '--since is yesterday: give a day as 2026-11-30'],
    ['report --since 2026-02-30', '--since is 2026-02-30'],
    ['report --until 2026-01-01T10:00', '--until is 2026-01-01T10:00'],
    ['report --since 2026-02-01 --until 2026-02-01', 'nothing lies between them'],
    ['doctor --local http://example.com', '--local is http://example.com: give the URL'],
    ['doctor --local http://127.0.0.1:1 --stack Kyc', 'name two stacks'],
    ['doctor --stack 1', "--stack is 1: give a stack's name"],
  ])('is refused in one line that says what is wrong: %s', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
    expect(() => parse(line)).not.toThrow(/\n/);
  });
});

describe('the help', () => {
  it('names every command', () => {
    for (const name of commandNames) expect(helpAbout(undefined)).toContain(`live-photos ${name}`);
  });

  it.each(commandNames)('of %s says all its options and exit statuses, in lines that fit', (name) => {
    const help = helpAbout(name);
    for (const text of ['--stack', '--local', '--json', 'Exit status']) expect(help).toContain(text);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(128);
  });

  it('has every reason that can be chosen stand in the answer to a wrong one', () => {
    const said = (line: string): string => {
      try {
        parse(line);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    for (const reason of rejectionReasons) expect(said('redrive rejected')).toContain(reason);
    for (const reason of redrivableReasons) expect(said('redrive dead-letters --reason x')).toContain(reason);
  });
});
