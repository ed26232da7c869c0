import type { LifecycleRule } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { judgeClaims, judgeErasedPhotos, judgeEvidence } from '../../../cli/doctor/judge-retention';
import { readJsonBlock } from '../../docs/documents';
import type { DeployedTemplate } from '../../lib/deployed-template';
import { deploy, everyOption } from '../../lib/stacks';

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
/** The deprecated form of a rule's prefix, which S3 still returns. */
const oldPrefix = (prefix: string): object => ({ Prefix: prefix });
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
  const erasedTag = { Key: 'complycube-status', Value: 'erased' };

  it.each<[string, readonly LifecycleRule[], number]>([
    [
      'another rule without days comes first',
      [{ ...rule, Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } }, ...documented],
      1,
    ],
    ['two rules have different days', [{ ...rule, Status: 'Enabled', Expiration: { Days: 30 } }, ...documented], 1],
    [
      'the tag is the only one of several possible conditions',
      [{ ...rule, Status: 'Enabled', Filter: { And: { Tags: [erasedTag] } } }],
      1,
    ],
    ['a rule deletes all objects', [{ ...rule, Status: 'Enabled', Filter: {}, Expiration: { Days: 400 } }], 400],
    [
      'an old rule deletes all objects',
      [{ ...rule, Status: 'Enabled', Filter: undefined, ...oldPrefix(''), Expiration: { Days: 400 } }],
      400,
    ],
  ])('are deleted after the shortest time when %s', (_, rules, days) => {
    expect(judgeErasedPhotos(rules, { isOwn: false, days: undefined })).toMatchObject({
      ...{
        verdict: 'right',
        said: `S3 deletes erased photos that are older than ${days} ${days === 1 ? 'day' : 'days'}`,
      },
    });
  });

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
    [
      'with a rule for one prefix only',
      [{ ...rule, Status: 'Enabled', Filter: { And: { Prefix: 'a/', Tags: [erasedTag] } } }],
    ],
    [
      'with a rule for large photos only',
      [{ ...rule, Status: 'Enabled', Filter: { And: { ObjectSizeGreaterThan: 1, Tags: [erasedTag] } } }],
    ],
    [
      'with a rule for two tags',
      [{ ...rule, Status: 'Enabled', Filter: { And: { Tags: [erasedTag, { Key: 'team', Value: 'x' }] } } }],
    ],
    [
      'with a rule that keeps some noncurrent versions',
      [{ ...rule, Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }],
    ],
    [
      'with a rule that only moves them to another storage class',
      [{ Status: 'Enabled', Filter: { Tag: erasedTag }, Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }],
    ],
    [
      'with a rule that only removes delete markers',
      [{ ...rule, Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } }],
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
    [
      'a rule deletes some tombstones',
      [...rules, { Status: 'Enabled', Filter: { Prefix: 'tombstones/0' }, Expiration: { Days: 900 } }],
      'deletes tombstones',
    ],
    [
      'a rule deletes all objects at a date',
      [...rules, { Status: 'Enabled', Filter: { Prefix: 'tomb' }, Expiration: { Date: new Date() } }],
      'deletes tombstones',
    ],
  ])('are wrong if %s', (_, found, said) => {
    expect(judgeClaims(found)).toMatchObject(isWrong(said));
  });

  it.each<[string, LifecycleRule]>([
    ['another prefix', { Status: 'Enabled', Filter: { And: { Prefix: 'logs/', ObjectSizeLessThan: 9 } } }],
    ['another prefix, in the old form', { Status: 'Enabled', ...oldPrefix('logs/') }],
    ['objects with a tag', { Status: 'Enabled', Filter: { Tag: { Key: 'team', Value: 'x' } } }],
    ['objects with tags', { Status: 'Enabled', Filter: { And: { Tags: [{ Key: 'team', Value: 'x' }] } } }],
  ])('are not affected by a rule for %s', (_, rule) => {
    expect(judgeClaims([...rules, { ...rule, Expiration: { Days: 2 } }]).verdict).toBe('right');
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
