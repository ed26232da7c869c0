import type { LifecycleRule } from '@aws-sdk/client-s3';
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
  const found = rules.find(deletesErased)?.Expiration?.Days;
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
function deletesErased({ Status, Filter, Expiration, NoncurrentVersionExpiration }: LifecycleRule): boolean {
  const isOfErased =
    Filter?.Tag?.Key === tagNames.status && Filter.Tag.Value === 'erased' && Filter.Prefix === undefined;
  return Status === 'Enabled' && isOfErased && Expiration !== undefined && NoncurrentVersionExpiration !== undefined;
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
  const days = rules.flatMap(({ Status, Filter, Expiration }) =>
    Status === 'Enabled' && prefix.startsWith(Filter?.Prefix ?? '') ? (Expiration?.Days ?? []) : [],
  );
  return days.length === 0 ? undefined : Math.min(...days);
}
