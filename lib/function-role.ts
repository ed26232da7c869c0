import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge-wildcard';
import type { UploadFunctionProps } from './upload-function';

/** What the function works with. */
export interface FunctionRoleProps extends Pick<
  UploadFunctionProps,
  'bucket' | 'claimsBucket' | 'encryptionKey' | 'keyPrefix' | 'queue' | 'deadLetterQueue' | 'apiKeySecret' | 'eventBus'
> {
  readonly logGroup: LogGroup;
}

/** Makes a role that allows each call that the function makes and nothing else, where the L2 grants would allow more. */
export function createFunctionRole(scope: Construct, props: FunctionRoleProps): Role {
  const {
    bucket,
    claimsBucket,
    encryptionKey,
    keyPrefix = '',
    queue,
    deadLetterQueue,
    apiKeySecret,
    eventBus,
    logGroup,
  } = props;
  const allow = (sid: string, actions: string[], resource: string): PolicyStatement =>
    new PolicyStatement({ sid, actions, resources: [resource] });
  const photos = bucket.arnForObjects(`${keyPrefix}*`);
  const claims = claimsBucket.arnForObjects('*');
  const statements = [
    allow('ReadAndTagPhotos', ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'], photos),
    allow(
      'ReadAndTagPhotoVersions',
      ['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectVersionTagging'],
      photos,
    ),
    // Without it S3 answers 403 where an object is gone, which can't be told from a fault of ours.
    allow('TellGoneFromForbidden', ['s3:ListBucket'], bucket.bucketArn),
    allow('TellReleasedFromForbidden', ['s3:ListBucket'], claimsBucket.bucketArn),
    allow('ClaimPhotos', ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], claims),
    allow(
      'ReceiveAndGiveBackMessages',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      queue.queueArn,
    ),
    allow('DeadLetterWhatIsNoEvent', ['sqs:SendMessage'], deadLetterQueue.queueArn),
    // The six characters that Secrets Manager appends to a name are unknown until the secret stands.
    allow(
      'ReadTheApiKey',
      ['secretsmanager:GetSecretValue'],
      apiKeySecret.secretFullArn ?? `${apiKeySecret.secretArn}-??????`,
    ),
    allow('PublishOutcomes', ['events:PutEvents'], eventBus.eventBusArn),
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    ...(encryptionKey === undefined ? [] : [allow('DecryptPhotos', ['kms:Decrypt'], encryptionKey.keyArn)]),
  ];
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { UploadPhotos: new PolicyDocument({ statements }) },
  });
  acknowledgeWildcard(role, photos, 'Any photo object may come: every object of the one bucket, or of its prefix.');
  acknowledgeWildcard(role, claims, 'Each photo object has a claim of its own: every object of the one bucket.');
  allowTracing(role, allow('WriteTraces', ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'));
  return role;
}

/** A policy of its own, so that its wildcard is acknowledged for these two actions and for nothing else of the role. */
function allowTracing(role: Role, statement: PolicyStatement): void {
  const tracing = new Policy(role, 'Tracing', { roles: [role], statements: [statement] });
  acknowledgeWildcard(tracing, '*', 'X-Ray has no resources: its two write actions take nothing else.');
}
