import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Clients of the AWS services that a run calls directly. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Creates clients for the emulator or the AWS account that the environment variables name. */
export function makeClients(isEmulator: boolean): AwsClients {
  return {
    cloudFormation: new CloudFormationClient(),
    logs: new CloudWatchLogsClient(),
    iam: new IAMClient(),
    kms: new KMSClient(),
    lambda: new LambdaClient(),
    s3: new S3Client({ forcePathStyle: isEmulator }),
    secretsManager: new SecretsManagerClient(),
    sqs: makeSqsClient(isEmulator),
    sts: new STSClient(),
  };
}

/** @param credentials undefined: those of this process. */
export function makeSqsClient(isEmulator: boolean, credentials?: RoleCredentials): SQSClient {
  // An emulator's queue URLs may contain AWS's host name.
  return new SQSClient({ useQueueUrlAsEndpoint: !isEmulator, ...(credentials !== undefined && { credentials }) });
}

/** Temporary credentials of a role's session. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
