import { outcomeTagPrefix } from '../../contract/outcome-tags';
import type { Notification } from '../photos/notification';
import { deployAgain, type Finding, findingsOf } from './finding';
import { conditionValues, type PolicyStatement } from './policy';

/** Judges whether the bucket keeps every version. */
export function judgeVersioning(status: string | undefined): Finding {
  const { right, warning } = findingsOf('bucket');
  if (status === 'Enabled') return right('It is there, and keeps every version');
  return warning(
    'It keeps no versions: of a photo that is overwritten before its turn just the newer one is uploaded',
    'enable versions: aws s3api put-bucket-versioning --versioning-configuration Status=Enabled',
  );
}

/** Judges whether new photo objects are announced to the upload queue. */
export function judgeNotification(
  { toQueues, isSentToEventBridge, rules }: Notification,
  queueArn: string | undefined,
): Finding {
  const { right, wrong } = findingsOf('notification');
  const own = toQueues.find((notification) => notification.queueArn === queueArn);
  if (own !== undefined) {
    if (!own.events.includes('s3:ObjectCreated:*')) {
      return wrong(`S3 announces just ${own.events.join(', ')}, not every created object`, deployAgain);
    }
    const keys = own.prefix + own.suffix === '' ? '' : ` whose key is ${own.prefix}…${own.suffix}`;
    return right(`S3 announces each new object${keys} to the upload queue`);
  }
  const [rule] = rules;
  if (rule === undefined) return wrong('New objects are not announced: nothing is uploaded', deployAgain);
  if (!rule.isEnabled)
    return wrong(`The rule ${rule.name} is disabled: nothing is uploaded`, 'enable it: aws events enable-rule');
  if (!isSentToEventBridge) {
    return wrong(
      'The bucket does not send its events to EventBridge: nothing is uploaded',
      'enable it on the bucket: its properties, "Amazon EventBridge"; then backfill what was put meanwhile',
    );
  }
  return right('EventBridge announces each new object to the upload queue');
}

/**
 * Judges whether outcome tags are the function's alone to write.
 * @param statements undefined when the bucket has no policy.
 * @param isOwn whether the stack made the bucket.
 */
export function judgeBucketPolicy(
  statements: readonly PolicyStatement[] | undefined,
  { isOwn, role }: { readonly isOwn: boolean; readonly role: string | undefined },
): Finding {
  const { right, wrong, warning } = findingsOf('bucket policy');
  const denials = (statements ?? []).filter(({ Effect, Condition }) => {
    return Effect === 'Deny' && role !== undefined && conditionValues(Condition, 'aws:PrincipalArn').includes(role);
  });
  const guardsNames = denials.some(({ Condition }) =>
    conditionValues(Condition, 's3:RequestObjectTagKeys').includes(`${outcomeTagPrefix}*`),
  );
  const guardsStanding = denials.some(({ Condition }) =>
    JSON.stringify(Condition ?? {}).includes('s3:ExistingObjectTag/'),
  );
  if (guardsNames && guardsStanding) return right('Nobody but the function may write or change outcomes');
  const said = 'Others than the function may write or change outcomes';
  return isOwn
    ? wrong(said, deployAgain)
    : warning(
        said,
        `the bucket is its owner's: deny tagging with ${outcomeTagPrefix}* to all but the function, as lib/photo-bucket.ts does`,
      );
}
