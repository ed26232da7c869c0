import { Duration, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketEncryption } from './encryption';
import { logAccess, privateBucket } from './private-bucket';
import { erasureRecordPrefix } from '../contract/erasure-record';
import { claimRetentionDays } from '../contract/durations';
import { protectClaims } from './protection';
import type { LivePhotoUploaderProps } from './uploader-props';

/** Three years and a leap day. */
export const defaultEvidenceRetention = Duration.days(1_096);

/**
 * The bucket of the claims: which invocation processes, or processed, which photo object. It also keeps the evidence of erasures
 * and the tombstones of erased photos. Claims and evidence expire. Tombstones don't: a late event would upload the photo again.
 */
export class ClaimsBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    props: Pick<LivePhotoUploaderProps, 'pipelineKey' | 'accessLogsBucket' | 'evidenceRetention'>,
  ) {
    const { pipelineKey, accessLogsBucket, evidenceRetention = defaultEvidenceRetention } = props;
    super(scope, id, {
      ...privateBucket,
      ...bucketEncryption(pipelineKey),
      lifecycleRules: [
        // A rule can't exclude a prefix. The key of a claim begins with a hexadecimal digit, and no other key does.
        ...Array.from('0123456789abcdef', (prefix) => ({
          id: `ExpireClaims-${prefix}`,
          prefix,
          expiration: Duration.days(claimRetentionDays),
        })),
        { id: 'ExpireEvidence', prefix: erasureRecordPrefix, expiration: evidenceRetention },
      ],
    });
    logAccess(this, accessLogsBucket);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Its objects contain no photo and no client ID, and a claim names the invocation that wrote it. Only the function writes.',
    });
  }

  /** Denies writing and deleting claims, evidence and tombstones to every principal except this role: a forged claim would forge an outcome. */
  restrictWriting(role: IRole): void {
    for (const statement of protectClaims(this.bucketArn, role.roleArn)) this.addToResourcePolicy(statement);
  }
}
