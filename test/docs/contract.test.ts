import { describe, expect, it } from '@jest/globals';
import { undeliveredReasons } from '../../cli/redrive/undelivered-reason';
import { metadataNames, photoSize } from '../../contract/photo-rules';
import { deadLetterReasonAttribute, deadLetterReasonCodes } from '../../contract/dead-letter-reasons';
import { rejectionReasons } from '../../contract/outcome';
import { eventSource, eventTypes } from '../../contract/outcome-event-types';
import { tagNames } from '../../contract/outcome-tags';
import { deploy } from '../lib/stacks';
import { readDocument } from './documents';
import { codeOf, codesOf, readTable } from './tables';

const guide = 'docs/app-developers.md';

/** The first column of the tables in a section: the first table, and those after it. */
function codesInSection(path: string, heading: string): string[] {
  const [, section = ''] = readDocument(path).split(`\n## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code);
}

describe('the contract with the app', () => {
  it.each([
    ['README.md', 'Contract with the app'],
    [guide, 'The contract'],
  ])('in %s lists each metadata name, each tag and the allowed sizes', (path, heading) => {
    const names = [...Object.values(metadataNames), ...Object.values(tagNames)];
    expect(codesInSection(path, heading).sort()).toEqual(names.sort());
    const { minBytes, maxBytes } = photoSize;
    const sizes = `${minBytes.toLocaleString('en')} to ${maxBytes.toLocaleString('en')} bytes`;
    expect(readDocument(path)).toContain(sizes);
  });

  it('explains each rejection reason once', () => {
    const reasons = readTable(guide, 'Rejection reasons').flatMap((row) => codesOf(row['rejection reason']));
    expect(reasons.sort()).toEqual([...rejectionReasons].sort());
  });

  it('explains each type of event once', () => {
    const types = readTable(guide, 'Events').map((row) => codeOf(row['detail-type']));
    expect(types.sort()).toEqual(Object.values(eventTypes).sort());
    expect(readDocument(guide)).toContain(`The source is \`${eventSource}\``);
  });
});

describe('the tables for operators', () => {
  it('explain each alarm once', () => {
    const anchors = deploy()
      .ofType('AWS::CloudWatch::Alarm')
      .map(({ properties }) => String(properties['AlarmDescription']).replace(/.*#/, ''));
    const named = readTable('docs/operating.md', 'Alarms').map((row) => codeOf(row['alarm']));
    expect(named.sort()).toEqual(anchors.sort());
  });

  it('explain each reason of an undelivered event once', () => {
    const reasons = readTable('docs/operating.md', 'redrive undelivered-events').map((row) => codeOf(row['reason']));
    expect(reasons).toEqual(Object.keys(undeliveredReasons));
  });

  it('explain with the texts of the code why a message is not an event', () => {
    const rows = [...readDocument('docs/operating.md').matchAll(/^\| `([\w-]+)` +\| (.+?) +\|$/gm)];
    const explained = Object.fromEntries(rows.map(([, code = '', meaning = '']) => [code, meaning]));
    expect(explained).toMatchObject(deadLetterReasonCodes);
    expect(readDocument('docs/operating.md')).toContain(`\`${deadLetterReasonAttribute}\``);
  });
});
