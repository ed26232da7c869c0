import type { LifecycleRule } from '@aws-sdk/client-s3';
import { tagNames } from '../../contract/outcome-tags';
import { areOperatorsNamed, type FunctionSettings } from '../stack/function-settings';
import type { Fact } from '../stack/fact';
import { deployAgain, type Finding, findingsOf } from './finding';

/**
 * Judges whether photos can be erased, and whether S3 deletes erased versions.
 * @param lifecycle the rules of the photo bucket.
 * @param isOwn whether the stack created the bucket.
 */
export function judgeErasure(
  settings: FunctionSettings,
  lifecycle: Fact<readonly LifecycleRule[]>,
  isOwn: boolean,
): Finding {
  const { right, wrong, warning, unchecked } = findingsOf('erasure');
  if (!areOperatorsNamed(settings)) {
    return warning(
      'The stack names no operators, so its function refuses to erase photos',
      'deploy with -c operatorRoleArns=ROLE_ARN, see docs/security.md',
    );
  }
  if (!lifecycle.isKnown) return unchecked(lifecycle.because);
  if (lifecycle.value.some(deletesErased)) return right('Operators can erase photos, and S3 deletes erased versions');
  const said = 'No lifecycle rule deletes erased versions from S3';
  return isOwn ? wrong(said, deployAgain) : warning(said, 'add the rule in docs/privacy.md to the bucket');
}

/** Whether a rule deletes current and noncurrent versions that are tagged as erased. */
function deletesErased({ Status, Filter, Expiration, NoncurrentVersionExpiration }: LifecycleRule): boolean {
  const isOfErased =
    Filter?.Tag?.Key === tagNames.status && Filter.Tag.Value === 'erased' && Filter.Prefix === undefined;
  return Status === 'Enabled' && isOfErased && Expiration !== undefined && NoncurrentVersionExpiration !== undefined;
}
