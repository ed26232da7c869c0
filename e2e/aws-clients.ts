import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Clients of the AWS services that a run calls directly. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
}

/** Creates clients for the emulator or the AWS account that the environment variables name. */
export function makeClients(isEmulator: boolean): AwsClients {
  return {
    cloudFormation: new CloudFormationClient(),
    logs: new CloudWatchLogsClient(),
    kms: new KMSClient(),
    lambda: new LambdaClient(),
    s3: new S3Client({ forcePathStyle: isEmulator }),
    secretsManager: new SecretsManagerClient(),
    // An emulator's queue URLs may contain AWS's host name.
    sqs: new SQSClient({ useQueueUrlAsEndpoint: !isEmulator }),
  };
}
