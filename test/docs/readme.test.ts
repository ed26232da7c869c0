import { describe, expect, it } from '@jest/globals';
import packageJson from '../../package.json';
import { readDocument, withoutCode } from './documents';

const readme = readDocument('README.md');

describe('the README', () => {
  it('has at most 250 lines and 2,000 words', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
    expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(2_000);
  });

  it('has no line above 160 characters outside of tables and code', () => {
    const long = withoutCode(readme)
      .split('\n')
      .filter((line) => line.length > 160 && !line.startsWith('|'));
    expect(long).toEqual([]);
  });

  it('shows a flat picture, the two commands and the costs before its first section', () => {
    const [start = ''] = readme.split('\n## ');
    const order = ['docs/flow.svg', 'npm ci ', 'npm start ', '| fixed, per month '].map((text) => start.indexOf(text));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(readDocument('docs/flow.svg')) ?? [];
    expect(Number(height) / Number(width)).toBeLessThan(0.33);
  });

  it('has badges that agree with package.json and the workflow', () => {
    const { license, engines } = packageJson;
    expect(readDocument('docs/badges/licence.svg')).toContain(`>${license}<`);
    expect(engines.node).toMatch(/^>=[\d.]+$/);
    expect(readDocument('docs/badges/node.svg')).toContain(`>${engines.node.replace('>=', '')} or later<`);
    const [, tested = ''] = /node: \[([\d, ]+)\]/.exec(readDocument('.github/workflows/ci.yml')) ?? [];
    expect(readDocument('docs/badges/tested.svg')).toContain(`>Node.js ${tested}<`);
  });
});
