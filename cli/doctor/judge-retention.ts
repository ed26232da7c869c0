import type { LifecycleRule, Tag } from '@aws-sdk/client-s3';
import { claimRetentionDays } from '../../contract/durations';
import { erasureRecordPrefix, tombstonePrefix } from '../../contract/erasure-record';
import { tagNames } from '../../contract/outcome-tags';
import { count } from '../terminal/text';
import { deployAgain, type Finding, findingsOf } from './finding';

/**
 * Judges whether S3 deletes the erased versions of photos.
 * @param rules of the photo bucket.
 * @param days the stack's setting. Undefined: the bucket is an existing one, or the stack is older than this output.
 */
export function judgeErasedPhotos(
  rules: readonly LifecycleRule[],
  { isOwn, days }: { readonly isOwn: boolean; readonly days: number | undefined },
): Finding {
  const { right, wrong, warning } = findingsOf('erased photos');
  const found = shortest(rules.filter(deletesErased));
  if (found === undefined) {
    const said = 'No lifecycle rule deletes erased photos from S3';
    return isOwn ? wrong(said, deployAgain) : warning(said, 'add the rule in docs/privacy.md to the bucket');
  }
  if (days !== undefined && found !== days) {
    return wrong(
      `S3 deletes erased photos after ${count(found, 'day')}, but erasedExpireDays is ${days.toLocaleString('en')}`,
      deployAgain,
    );
  }
  return right(`S3 deletes erased photos that are older than ${count(found, 'day')}`);
}

/** Whether a rule deletes current and noncurrent versions that are tagged as erased. */
function deletesErased(rule: LifecycleRule): boolean {
  const { prefix, tags, hasSizes } = filterOf(rule);
  const isOfErased = tags.every(({ Key, Value }) => Key === tagNames.status && Value === 'erased');
  // S3 needs a day for each newer version that it must keep.
  const { NewerNoncurrentVersions: kept = 0 } = rule.NoncurrentVersionExpiration ?? {};
  const deletesNoncurrent = rule.NoncurrentVersionExpiration !== undefined && kept === 0;
  return rule.Status === 'Enabled' && prefix === '' && isOfErased && !hasSizes && deletesNoncurrent;
}

/** What a rule is for. S3 returns one condition in the filter, several under `And`, and the prefix of an old rule beside the filter. */
function filterOf({ Filter: filter = {}, ...rule }: LifecycleRule): {
  readonly prefix: string;
  readonly tags: readonly Tag[];
  readonly hasSizes: boolean;
} {
  const { And: and = {} } = filter;
  const { Prefix: oldPrefix } = rule as { readonly Prefix?: string };
  const sizes = [filter, and].flatMap((part) => [part.ObjectSizeGreaterThan, part.ObjectSizeLessThan]);
  return {
    prefix: filter.Prefix ?? and.Prefix ?? oldPrefix ?? '',
    tags: [...(filter.Tag === undefined ? [] : [filter.Tag]), ...(and.Tags ?? [])],
    hasSizes: sizes.some((size) => size !== undefined),
  };
}

/** Judges whether S3 deletes claims in time, and never deletes tombstones. @param rules of the claims bucket. */
export function judgeClaims(rules: readonly LifecycleRule[]): Finding {
  const { right, wrong } = findingsOf('claims');
  const digits = Array.from('0123456789abcdef');
  const wrongDigit = digits.find((digit) => expireAfter(rules, digit) !== claimRetentionDays);
  if (wrongDigit !== undefined) {
    const found = expireAfter(rules, wrongDigit);
    return wrong(
      found === undefined
        ? 'S3 never deletes some claims, because their lifecycle rule is missing'
        : `S3 deletes some claims after ${count(found, 'day')} instead of ${claimRetentionDays}`,
      deployAgain,
    );
  }
  if (expireAfter(rules, tombstonePrefix) !== undefined)
    return wrong('A lifecycle rule deletes tombstones: a late event can upload an erased photo again', deployAgain);
  return right(`S3 deletes claims after ${claimRetentionDays} days, and never deletes tombstones`);
}

/**
 * Judges whether S3 keeps the evidence of erasures for the time that the stack's setting says.
 * @param rules of the claims bucket.
 * @param days the setting. Undefined: the stack is older than this output.
 */
export function judgeEvidence(rules: readonly LifecycleRule[], days: number | undefined): Finding {
  const { right, wrong } = findingsOf('evidence');
  const found = expireAfter(rules, erasureRecordPrefix);
  if (found === undefined) {
    return wrong('S3 never deletes the evidence of erasures, because its lifecycle rule is missing', deployAgain);
  }
  if (days !== undefined && found !== days) {
    return wrong(
      `S3 deletes the evidence of erasures after ${count(found, 'day')}, but evidenceRetentionDays is ${days.toLocaleString('en')}`,
      deployAgain,
    );
  }
  return right(`S3 keeps the evidence of erasures for ${count(found, 'day')}`);
}

/** After how many days S3 deletes objects with this prefix: the shortest time of all rules. Undefined: never. */
function expireAfter(rules: readonly LifecycleRule[], prefix: string): number | undefined {
  return shortest(rules.filter((rule) => isFor(rule, prefix)));
}

/** Whether a rule is for any objects with this prefix. The function stores no tags with them. */
function isFor(rule: LifecycleRule, prefix: string): boolean {
  const { prefix: ofRule, tags } = filterOf(rule);
  const isOverlap = prefix.startsWith(ofRule) || ofRule.startsWith(prefix);
  return rule.Status === 'Enabled' && tags.length === 0 && isOverlap;
}

/** The fewest days of rules. A rule with a date deletes everything from then on. */
function shortest(rules: readonly LifecycleRule[]): number | undefined {
  const days = rules.flatMap(({ Expiration }) => (Expiration?.Date === undefined ? (Expiration?.Days ?? []) : 0));
  return days.length === 0 ? undefined : Math.min(...days);
}
