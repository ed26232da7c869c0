import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The AWS services that a run talks to itself. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
}

/** Makes clients for what the environment's variables name: an emulator, or AWS. */
export function makeClients(isEmulator: boolean): AwsClients {
  return {
    cloudFormation: new CloudFormationClient(),
    logs: new CloudWatchLogsClient(),
    s3: new S3Client({ forcePathStyle: isEmulator }),
    secretsManager: new SecretsManagerClient(),
    // An emulator may name queues as AWS does: they are still to be looked for where it is.
    sqs: new SQSClient({ useQueueUrlAsEndpoint: !isEmulator }),
  };
}
