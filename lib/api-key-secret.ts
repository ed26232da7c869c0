import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * A secret for the ComplyCube API key.
 *
 * It is made without a value, so that no key, and no made-up one either, ever stands in a template; the L2 construct would
 * generate a random value, which nobody could tell from a key that is wrong.
 */
export class ApiKeySecret extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'ComplyCube API key: the bare key (test_… or live_…), or JSON with apiKey',
    });
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'ComplyCube has no call that makes a new API key: keys are rotated by hand and read anew within five minutes.',
    });
    this.secret = Secret.fromSecretCompleteArn(this, 'Imported', secret.ref);
  }

  /** Denies reading the key to everybody but this role, administrators included: they may set it, not see it. */
  keepFor(role: IRole): void {
    const document = new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'OnlyTheFunctionReadsTheKey',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['secretsmanager:GetSecretValue'],
          resources: [this.secret.secretArn],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
        }),
      ],
    });
    new CfnResourcePolicy(this, 'Policy', {
      secretId: this.secret.secretArn,
      resourcePolicy: document,
      blockPublicPolicy: true,
    });
  }
}
