import type { LifecycleRule } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { judgeClaims, judgeErasedPhotos, judgeEvidence } from '../../cli/doctor/judge-retention';
import { readJsonBlock } from '../docs/documents';
import type { DeployedTemplate } from '../lib/deployed-template';
import { deploy, everyOption } from '../lib/stacks';

interface TemplateRule {
  readonly Status: 'Enabled';
  readonly Prefix?: string;
  readonly TagFilters?: readonly { readonly Key: string; readonly Value: string }[];
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

/** The rules of a bucket in the template, as S3 returns them. */
function rulesOf(template: DeployedTemplate, bucket: string): LifecycleRule[] {
  const { properties } = template.the('AWS::S3::Bucket', bucket);
  const { Rules } = properties['LifecycleConfiguration'] as { readonly Rules: readonly TemplateRule[] };
  return Rules.map(({ Status, Prefix, TagFilters: [Tag] = [], ExpirationInDays, NoncurrentVersionExpiration }) => ({
    ...{ Status, NoncurrentVersionExpiration },
    Filter: { ...(Prefix !== undefined && { Prefix }), ...(Tag !== undefined && { Tag }) },
    Expiration: ExpirationInDays === undefined ? undefined : { Days: ExpirationInDays },
  }));
}

const byDefault = deploy();
const changed = deploy(everyOption);
const { erasedExpireDays, evidenceRetentionDays } = everyOption;
const claimsBucket = 'UploaderClaims';
const photoBucket = 'UploaderPhotoBucket';
const isWrong = (said: string) => ({ verdict: 'wrong', said: expect.stringContaining(said) as unknown });

describe('erased photos', () => {
  const { Rules: documented } = readJsonBlock('docs/privacy.md', 'Lifecycle rule of an existing bucket') as {
    readonly Rules: readonly LifecycleRule[];
  };

  it('are deleted after the days of the stack’s setting', () => {
    expect(judgeErasedPhotos(rulesOf(byDefault, photoBucket), { isOwn: true, days: 1 })).toMatchObject({
      ...{ verdict: 'right', said: 'S3 deletes erased photos that are older than 1 day' },
    });
    const rules = rulesOf(changed, photoBucket);
    expect(judgeErasedPhotos(rules, { isOwn: true, days: erasedExpireDays }).verdict).toBe('right');
    expect(judgeErasedPhotos(rules, { isOwn: true, days: 1 })).toMatchObject(isWrong('erasedExpireDays is 1'));
  });

  it('are deleted in an existing bucket with the documented rules, and of an older stack', () => {
    expect(judgeErasedPhotos(documented, { isOwn: false, days: undefined }).verdict).toBe('right');
    expect(judgeErasedPhotos(rulesOf(changed, photoBucket), { isOwn: true, days: undefined }).verdict).toBe('right');
  });

  const [rule] = documented;
  it.each<[string, readonly LifecycleRule[]]>([
    ['without rules', []],
    ['with a disabled rule', [{ ...rule, Status: 'Disabled' }]],
    [
      'with a rule for another tag',
      [{ ...rule, Status: 'Enabled', Filter: { Tag: { Key: 'complycube-status', Value: 'rejected' } } }],
    ],
    [
      'with a rule that keeps noncurrent versions',
      [{ ...rule, Status: 'Enabled', NoncurrentVersionExpiration: undefined }],
    ],
  ])('are kept: wrong in the stack’s bucket, and a warning in an existing one, %s', (_, rules) => {
    expect(judgeErasedPhotos(rules, { isOwn: true, days: 1 }).verdict).toBe('wrong');
    expect(judgeErasedPhotos(rules, { isOwn: false, days: undefined })).toMatchObject({
      verdict: 'warning',
      mend: expect.stringContaining('docs/privacy.md') as unknown,
    });
  });
});

describe('claims', () => {
  const rules = rulesOf(byDefault, claimsBucket);

  it('are deleted with the rules of the stack', () => {
    expect(judgeClaims(rules)).toMatchObject({
      ...{ verdict: 'right', said: 'S3 deletes claims after 30 days, and never deletes tombstones' },
    });
  });

  it.each<[string, readonly LifecycleRule[], string]>([
    ['one rule is missing', rules.slice(1), 'their lifecycle rule is missing'],
    ['one rule is disabled', [{ ...rules[0], Status: 'Disabled' }, ...rules.slice(1)], 'rule is missing'],
    [
      'another rule is shorter',
      [...rules, { Status: 'Enabled', Filter: { Prefix: 'a' }, Expiration: { Days: 2 } }],
      'after 2 days instead of 30',
    ],
    [
      'a rule deletes tombstones',
      [...rules, { Status: 'Enabled', Filter: { Prefix: 'tomb' }, Expiration: { Days: 900 } }],
      'deletes tombstones',
    ],
    [
      'a rule is for all objects',
      [...rules, { Status: 'Enabled', Filter: {}, Expiration: { Days: 900 } }],
      'deletes tombstones',
    ],
  ])('are wrong if %s', (_, found, said) => {
    expect(judgeClaims(found)).toMatchObject(isWrong(said));
  });
});

describe('evidence', () => {
  it('is kept for the days of the stack’s setting', () => {
    expect(judgeEvidence(rulesOf(byDefault, claimsBucket), 1_096)).toMatchObject({
      ...{ verdict: 'right', said: 'S3 keeps the evidence of erasures for 1,096 days' },
    });
    expect(judgeEvidence(rulesOf(changed, claimsBucket), evidenceRetentionDays).verdict).toBe('right');
    expect(judgeEvidence(rulesOf(changed, claimsBucket), undefined).verdict).toBe('right');
  });

  it('is wrong if its rule is missing, or has other days', () => {
    const rules = rulesOf(byDefault, claimsBucket);
    expect(judgeEvidence(rules.slice(0, -1), 1_096)).toMatchObject(isWrong('rule is missing'));
    expect(judgeEvidence(rules, 400)).toMatchObject(isWrong('after 1,096 days, but evidenceRetentionDays is 400'));
    const shorter: LifecycleRule = { Status: 'Enabled', Filter: { Prefix: 'records/' }, Expiration: { Days: 9 } };
    expect(judgeEvidence([...rules, shorter], 1_096)).toMatchObject(isWrong('after 9 days'));
  });
});
