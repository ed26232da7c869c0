import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, everyOption } from '../../lib/stacks';

const read = (file: string): string => readFileSync(join(__dirname, '../../..', file), 'utf8');
const runbook = read('docs/runbook.md');
const stack = deploy(everyOption);
const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const linkOf = (properties: Readonly<Record<string, unknown>>): string =>
  String(properties['AlarmDescription']).replace(/.*Runbook: /, '');

/** GitHub's anchors of the headings. */
const anchors = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
  heading.toLowerCase().replaceAll(' ', '-'),
);
const entries = runbook.split(/^## /m).slice(1);

describe('the runbook', () => {
  it('has one entry for each alarm, at the anchor in the alarm’s description', () => {
    const linked = alarms.map((alarm) => linkOf(alarm).replace(/.*#/, ''));
    expect(linked.sort()).toEqual(anchors.slice(1).sort());
    expect(alarms.map(linkOf).filter((link) => !link.startsWith(`${everyOption.runbookUrl}#`))).toEqual([]);
  });

  it('has no links to anchors that do not exist', () => {
    const links = [...runbook.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([]);
  });

  it('has all parts and a test for each alarm', () => {
    const tests = read('test/local/cloudwatch/alarms.test.ts');
    for (const entry of entries) {
      for (const part of ['**Look.**', '**Do', '**Over**']) expect(entry).toContain(part);
      const [, tried] = /^Try it: `npx jest test\/local\/cloudwatch\/alarms -t (\S+)`$/m.exec(entry) ?? [];
      expect(tests).toMatch(new RegExp(`'${tried ?? 'nothing'} (?:fires|fires)`));
    }
  });

  it('names only widgets and saved queries that exist', () => {
    const [dashboard] = stack.ofType('AWS::CloudWatch::Dashboard');
    const body = String(dashboard?.properties['DashboardBody']);
    const queries = stack.ofType('AWS::Logs::QueryDefinition').map(({ properties }) => String(properties['Name']));
    const text = runbook.replaceAll('\n', ' ');
    const widgets = [...text.matchAll(/[Ww]idgets? “([^”]*)”/g)].map(([, name = '']) => name);
    expect(widgets.length).toBeGreaterThan(5);
    // “…” stands for a number.
    const isTitle = (name: string): boolean => `"title":"${name}"`.split('…').every((part) => body.includes(part));
    expect(widgets.filter((name) => !isTitle(name))).toEqual([]);
    const named = [...text.matchAll(/quer(?:y|ies)[^“.]*“([^”]*)”/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !queries.some((query) => query.endsWith(`/${name}`)))).toEqual([]);
  });
});
