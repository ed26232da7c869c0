import { describe, expect, it } from '@jest/globals';
import { Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { transformSync } from 'esbuild';
import { runInNewContext } from 'node:vm';
import type { LivePhotosStack } from '../../lib/live-photos-stack';
import type { LivePhotosStackProps } from '../../lib/uploader-props';
import { everyOption, existingBucket, makeStack } from '../lib/stacks';
import { readDocument } from './documents';
import { codeOf, codesOf, readTable, type Row } from './tables';

const page = 'docs/compliance-packs.md';
const { encryptionKeyArn, pipelineKeyArn, accessLogsBucket, alarmEmail } = everyOption;
/** What a regulated user sets. */
const regulated = { encryptionKeyArn, pipelineKeyArn, accessLogsBucket, alarmEmail } satisfies LivePhotosStackProps;
const regulatedExisting = { ...existingBucket, ...regulated };

const removable = readTable(page, 'Findings that a setting removes');
const remaining = readTable(page, 'Findings that remain');

/** The findings of the packs in a stack, as `pack | rule | resource`. */
function findingsOf(
  stack: LivePhotosStack,
  packs: readonly NagPack[] = [new NIST80053R5Checks(), new HIPAASecurityChecks(), new PCIDSS321Checks()],
): string[] {
  const app = Stage.of(stack);
  if (app === undefined) throw new Error('The stack is in no app');
  const found = packs.flatMap((pack) =>
    pack.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => {
        const [, packName, rule] = /^(.*)-([^-]+)$/.exec(ruleName) ?? [];
        return [packName, rule, resourceOf(constructPath)].join(' | ');
      }),
    ),
  );
  return [...new Set(found)].sort();
}

/** The name of a resource in the tables: its path in the uploader. */
function resourceOf(constructPath: string): string {
  const path = constructPath.replace('LivePhotos/Uploader/', '').replace(/\/Resource$/, '');
  return /^Alarms\/(?!Topic$)/.test(path) ? 'Alarms/*' : path;
}

function listed(rows: readonly Row[]): string[] {
  return rows
    .flatMap((row) =>
      codesOf(row['packs']).map((pack) => [pack, codeOf(row['rule']), codeOf(row['resource'])].join(' | ')),
    )
    .sort();
}

function union(...settings: readonly LivePhotosStackProps[]): string[] {
  return [...new Set(settings.flatMap((props) => findingsOf(makeStack(props))))].sort();
}

describe('the packs NIST 800-53, HIPAA and PCI DSS', () => {
  it('find exactly what the two tables list, over all variants of the stack', () => {
    const withTopic = { alarmEmail };
    expect(union({}, withTopic, existingBucket, everyOption, regulated, regulatedExisting)).toEqual(
      listed([...removable, ...remaining]),
    );
  });

  it('find exactly what the second table lists, with the settings of the first table', () => {
    expect(union(regulated)).toEqual(listed(remaining));
    const withoutBucket = remaining.filter((row) => codeOf(row['resource']) !== 'PhotoBucket');
    expect(union(regulatedExisting)).toEqual(listed(withoutBucket));
  });

  it.each(removable.map((row) => [codeOf(row['rule']), codeOf(row['resource']), codeOf(row['setting']), row] as const))(
    'no longer find %s of %s with the setting %s',
    (_, __, setting, row) => {
      const base = { alarmEmail: setting === 'alarmEmail' ? undefined : alarmEmail };
      const value = regulated[setting as keyof typeof regulated];
      // CDK's types are exact about undefined.
      const [without, withSetting] = [base, { ...base, [setting as string]: value }].map((props) =>
        findingsOf(makeStack(JSON.parse(JSON.stringify(props)) as LivePhotosStackProps)),
      );
      for (const finding of listed([row])) {
        expect(without).toContain(finding);
        expect(withSetting).not.toContain(finding);
      }
    },
  );

  it('find nothing after the code of the page has acknowledged the rest, with the reasons of the table', () => {
    const stack = makeStack(regulated);
    runDocumentedCode(stack);
    expect(findingsOf(stack)).toEqual([]);
    expect(acknowledgedReasons(stack)).toEqual(remaining.map((row) => row['reason']).sort());
  });

  it('find everything else after that code', () => {
    const stack = makeStack({});
    runDocumentedCode(stack);
    expect(findingsOf(stack)).toEqual(listed(removable).filter((finding) => !finding.endsWith('Alarms/Topic')));
  });
});

describe('the pack AwsSolutions', () => {
  it.each<[string, LivePhotosStackProps]>([
    ['by default', {}],
    ['for an existing bucket', existingBucket],
    ['with every option', everyOption],
    ['with all keys', regulated],
    ['with all keys for an existing bucket', regulatedExisting],
  ])('finds nothing, %s', (_, props) => {
    expect(findingsOf(makeStack(props), [new AwsSolutionsChecks()])).toEqual([]);
  });
});

/** Runs the page's code that acknowledges rules for a stack's uploader. */
function runDocumentedCode({ uploader }: LivePhotosStack): void {
  const [, section = ''] = readDocument(page).split('## Acknowledge the rest');
  const [, code] = /^```ts\n(.*?)^```$/ms.exec(section) ?? [];
  if (code === undefined) throw new Error('The page has no code');
  const script = transformSync(code.replaceAll(/^import .*$/gm, ''), { loader: 'ts' }).code;
  runInNewContext(script, { uploader, Validations });
}

/** The reasons of all rules that are acknowledged for other packs than AwsSolutions. */
function acknowledgedReasons(stack: LivePhotosStack): string[] {
  const acknowledged = stack.node.findAll().flatMap(({ node: { metadata, path } }) =>
    metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .filter(([id]) => !id.includes('AwsSolutions-'))
      .map(([id, reason]) => [`${path} ${id.replace(/.*-/, '')}`, reason] as const),
  );
  return [...new Map(acknowledged).values()].sort();
}
