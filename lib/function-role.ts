import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge-wildcard';

/** The resources that the function uses. */
export interface FunctionRoleProps {
  readonly bucket: IBucket;
  readonly claimsBucket: Bucket;
  readonly encryptionKey: IKey | undefined;
  /** The beginnings of the keys of photo objects. */
  readonly keyPrefixes: readonly string[];
  readonly queue: IQueue;
  /** Receives messages that are not an event of the photo bucket. */
  readonly deadLetterQueue: IQueue;
  readonly apiKeySecret: ISecret;
  /** The customer managed key that encrypts the secret. */
  readonly apiKeySecretKey: IKey | undefined;
  /** The customer managed key that encrypts claims, messages and the log. */
  readonly pipelineKey: IKey | undefined;
  readonly eventBus: IEventBus;
  readonly logGroup: LogGroup;
}

/** Creates a role that allows exactly the calls that the function makes. The grants of L2 constructs would allow more. */
export function createFunctionRole(scope: Construct, props: FunctionRoleProps): Role {
  const {
    bucket,
    claimsBucket,
    encryptionKey,
    keyPrefixes,
    queue,
    deadLetterQueue,
    apiKeySecret,
    apiKeySecretKey,
    pipelineKey,
    eventBus,
    logGroup,
  } = props;
  const allow = (sid: string, actions: string[], ...resources: string[]): PolicyStatement =>
    new PolicyStatement({ sid, actions, resources });
  const photos = keyPrefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
  const claims = claimsBucket.arnForObjects('*');
  const statements = [
    allow('TellReleasedFromForbidden', ['s3:ListBucket'], claimsBucket.bucketArn),
    allow('ClaimPhotos', ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], claims),
    allow(
      'ReceiveAndGiveBackMessages',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      queue.queueArn,
    ),
    allow('DeadLetterWhatIsNoEvent', ['sqs:SendMessage'], deadLetterQueue.queueArn),
    // Secrets Manager appends six characters to the name, which are not known here.
    allow(
      'ReadTheApiKey',
      ['secretsmanager:GetSecretValue'],
      apiKeySecret.secretFullArn ?? `${apiKeySecret.secretArn}-??????`,
    ),
    allow('PublishOutcomes', ['events:PutEvents'], eventBus.eventBusArn),
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    ...(encryptionKey === undefined ? [] : [allow('DecryptPhotos', ['kms:Decrypt'], encryptionKey.keyArn)]),
    ...(apiKeySecretKey === undefined ? [] : [allow('DecryptTheApiKey', ['kms:Decrypt'], apiKeySecretKey.keyArn)]),
    // Lambda writes the log, and CloudWatch Logs encrypts it.
    ...(pipelineKey === undefined
      ? []
      : [allow('EncryptClaimsAndMessages', ['kms:Decrypt', 'kms:GenerateDataKey'], pipelineKey.keyArn)]),
  ];
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  // Managed policies have versions and their own CloudTrail events. Compliance packs refuse inline policies.
  const attach = (id: string, attached: PolicyStatement[]): ManagedPolicy =>
    new ManagedPolicy(role, id, { roles: [role], statements: attached });
  const ofPipeline = attach('Pipeline', statements);
  acknowledgeWildcard(ofPipeline, claims, 'Each photo object has a separate claim: all objects of one bucket.');
  const ofPhotos = attach('Photos', [
    allow('ReadAndTagPhotos', ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'], ...photos),
    allow(
      'ReadAndTagPhotoVersions',
      ['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectVersionTagging'],
      ...photos,
    ),
    // Without it, S3 answers 403 for a missing object, and that looks like a fault of our permissions.
    allow('TellGoneFromForbidden', ['s3:ListBucket'], bucket.bucketArn),
  ]);
  for (const ofPrefix of photos) {
    acknowledgeWildcard(
      ofPhotos,
      ofPrefix,
      'The function reads any photo object: all objects of one bucket, or of a prefix.',
    );
  }
  // A separate policy, so that the wildcard is acknowledged only for these two actions.
  const tracing = attach('Tracing', [allow('WriteTraces', ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*')]);
  acknowledgeWildcard(tracing, '*', 'X-Ray has no resources: its two write actions accept only this.');
  return role;
}
