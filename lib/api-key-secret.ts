import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnResourcePolicy, CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { protectApiKey } from './protection';

/**
 * A secret for the ComplyCube API key, created without a value. The L2 construct would generate a random value, which looks
 * like a wrong key.
 */
export class ApiKeySecret extends Construct {
  readonly secret: ISecret;

  /** @param key the customer managed key that encrypts the secret. Default: Secrets Manager's own key. */
  constructor(scope: Construct, id: string, key: IKey | undefined) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'ComplyCube API key: the bare key (test_… or live_…), or JSON with apiKey',
      ...(key !== undefined && { kmsKeyId: key.keyArn }),
    });
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'ComplyCube has no call that creates an API key: keys are rotated by hand, and the function reads the new one within five minutes.',
    });
    this.secret = Secret.fromSecretCompleteArn(this, 'Imported', secret.ref);
  }

  /** Denies reading the key to every principal except this role. */
  restrictReading(role: IRole): void {
    const document = new PolicyDocument({ statements: protectApiKey(role.roleArn) });
    new CfnResourcePolicy(this, 'Policy', {
      secretId: this.secret.secretArn,
      resourcePolicy: document,
      blockPublicPolicy: true,
    });
  }
}
