import { Duration, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketEncryption } from './encryption';
import { logAccess, privateBucket } from './private-bucket';
import { protectClaims } from './protection';
import type { LivePhotoUploaderProps } from './uploader-props';

/** Longer than the retention of any message: 7 days in the upload queue, 14 in the dead-letter queue. */
const claimExpiration = Duration.days(30);

/** The bucket of the claims: which invocation processes, or processed, which photo object. Claims expire. */
export class ClaimsBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { pipelineKey, accessLogsBucket }: Pick<LivePhotoUploaderProps, 'pipelineKey' | 'accessLogsBucket'>,
  ) {
    super(scope, id, {
      ...privateBucket,
      ...bucketEncryption(pipelineKey),
      lifecycleRules: [{ id: 'ExpireClaims', expiration: claimExpiration }],
    });
    logAccess(this, accessLogsBucket);
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
