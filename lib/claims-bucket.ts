import { Duration, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { privateBucket } from './private-bucket';
import { protectClaims } from './protection';

/** Longer than the retention of any message: 7 days in the upload queue, 14 in the dead-letter queue. */
const claimExpiration = Duration.days(30);

/** The bucket of the claims: which invocation processes, or processed, which photo object. Claims expire. */
export class ClaimsBucket extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      ...privateBucket,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'ExpireClaims', expiration: claimExpiration }],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'A claim contains no photo and no client ID, and it names the invocation that wrote it.',
    });
  }

  /** Denies writing and deleting claims to every principal except this role: a forged claim would forge an outcome. */
  restrictWriting(role: IRole): void {
    for (const statement of protectClaims(this.arnForObjects('*'), role.roleArn)) this.addToResourcePolicy(statement);
  }
}
