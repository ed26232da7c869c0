import { Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnResourcePolicy, CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { protectApiKey } from './protection';
import { ConfigurationError } from './validate-props';

/**
 * A secret for the ComplyCube API key, created without a value. The L2 construct would generate a random value, which looks
 * like a wrong key.
 */
export class ApiKeySecret extends Construct {
  readonly secret: ISecret;
  private readonly readers: IRole[] = [];

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
    this.secret = Secret.fromSecretAttributes(this, 'Imported', {
      secretCompleteArn: secret.ref,
      ...(key !== undefined && { encryptionKey: key }),
    });
    new CfnResourcePolicy(this, 'Policy', {
      secretId: secret.ref,
      resourcePolicy: Lazy.any({ produce: () => this.policy() }),
      blockPublicPolicy: true,
    });
  }

  /** Denies reading the key to every principal except the readers. */
  private policy(): PolicyDocument {
    return new PolicyDocument({ statements: protectApiKey(this.readers.map(({ roleArn }) => roleArn)) });
  }

  /**
   * Lets the function of an uploader read the key, if an uploader of the app creates the secret. The policy of any other secret
   * can't be changed.
   * @throws ConfigurationError if the other uploader is in another stack. Each stack would refer to the other.
   */
  static addReader(scope: Construct, { secretArn }: ISecret, role: IRole): void {
    const owner = scope.node.root.node
      .findAll()
      .find((one): one is ApiKeySecret => one instanceof ApiKeySecret && one.secret.secretArn === secretArn);
    if (owner === undefined) return;
    if (Stack.of(owner) !== Stack.of(scope)) {
      throw new ConfigurationError(
        `apiKeySecret is created by ${String(owner.node.scope?.node.path)} in another stack, and its policy allows only functions of that stack to read it: create a secret yourself and pass it to both uploaders`,
      );
    }
    owner.readers.push(role);
  }
}
