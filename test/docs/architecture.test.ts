import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../cli/commands';
import { rejectionReasons } from '../../contract/outcome';
import { linkTargets, readDocument, root } from './documents';
import { codeOf, readTable } from './tables';

const page = 'docs/architecture.md';
const sourceOf = (target: string): string => readDocument(target.replace('../', ''));

describe('the table of where each rejection reason is decided', () => {
  const rows = readTable(page, 'Where each rejection reason is decided');
  /** A row without a reason continues the row above. */
  const decided = rows.map((row, at) => ({
    reason: codeOf(row['rejection reason']) ?? codeOf(rows[at - 1]?.['rejection reason']) ?? '',
    files: linkTargets(row['decided in'] ?? ''),
  }));

  it('has each rejection reason', () => {
    expect([...new Set(decided.map(({ reason }) => reason))].sort()).toEqual([...rejectionReasons].sort());
  });

  it.each(decided)('names a file that rejects with $reason', ({ reason, files }) => {
    expect(files).toHaveLength(1);
    expect(files.map(sourceOf).join('')).toContain(`reject('${reason}'`);
  });

  it('names every file that rejects', () => {
    const sources = ['contract', 'lambda'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    );
    const rejecting = sources.filter((file) => file.endsWith('.ts') && / reject\('/.test(readDocument(file)));
    const named = decided.flatMap(({ files }) => files.map((file) => file.replace('../', '')));
    expect([...new Set(named)].sort()).toEqual(rejecting.sort());
  });

  it('is linked from the README', () => {
    expect(linkTargets(readDocument('README.md'))).toContain(`${page}#where-each-rejection-reason-is-decided`);
  });
});

describe('how to add a command', () => {
  it('names the files that the existing commands use', () => {
    const [, section = ''] = readDocument(page).split('\n## Add a command to the command line\n');
    const targets = linkTargets(section);
    expect(targets).toEqual(expect.arrayContaining(['../cli/command.ts', '../cli/commands.ts', '../cli/options.ts']));
    const example = targets.find((target) => target.startsWith('../cli/report/')) ?? '';
    expect(Object.keys(commands)).toContain('report');
    expect(sourceOf('../cli/commands.ts')).toContain(`from '${example.replace('../cli/', './').replace('.ts', '')}'`);
    expect(sourceOf(example)).toMatch(/: Command</);
  });
});
