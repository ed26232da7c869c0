import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  type IAMClient,
  NoSuchEntityException,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsClients, RoleCredentials } from './aws-clients';
import { CheckError } from './steps';

/** A role that the run created, and a session of it. */
export interface Session {
  readonly roleName: string;
  readonly roleArn: string;
  /** What SQS reports as the sender of the session's messages. */
  readonly senderId: string;
  readonly credentials: RoleCredentials;
}

/** What an operator may do: `erase`, `report --erasures` and `redrive dead-letters` of docs/operating.md. */
export const operatorActions = [
  ...['cloudformation:DescribeStacks', 'lambda:GetFunctionConfiguration', 'lambda:ListEventSourceMappings'],
  ...['s3:ListBucketVersions', 's3:ListBucket', 's3:GetBucketNotification', 's3:GetObject'],
  ...['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
  ...['sqs:SendMessage', 'sqs:GetQueueAttributes'],
  ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
] as const;

const sessionName = 'e2e';
const policyName = 'Operator';

/** Creates a role with the permissions of an operator, and assumes it. @param stackId an ARN of the account. */
export async function createSession(
  roleName: string,
  stackId: string,
  { iam, sts }: Pick<AwsClients, 'iam' | 'sts'>,
): Promise<Session> {
  const [, partition = '', , , account = ''] = stackId.split(':');
  const trusted = { AWS: `arn:${partition}:iam::${account}:root` };
  const trust = { Effect: 'Allow', Principal: trusted, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: policyOf(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: roleName,
      PolicyName: policyName,
      PolicyDocument: policyOf({ Effect: 'Allow', Action: operatorActions, Resource: '*' }),
    }),
  );
  const roleArn = Role?.Arn ?? '';
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName });
  const { Credentials } = await untilAllowed(() => sts.send(command));
  if (Credentials?.AccessKeyId === undefined) throw new CheckError(`STS returned no credentials for ${roleArn}`);
  const { AccessKeyId, SecretAccessKey = '', SessionToken = '' } = Credentials;
  return {
    ...{ roleName, roleArn, senderId: `${Role?.RoleId ?? ''}:${sessionName}` },
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** Deletes a role with its policy, if it exists. */
export async function deleteRole(iam: IAMClient, roleName: string): Promise<void> {
  await iam.send(new DeleteRolePolicyCommand({ RoleName: roleName, PolicyName: policyName })).catch(ignoreMissing);
  await iam.send(new DeleteRoleCommand({ RoleName: roleName })).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof NoSuchEntityException)) throw error;
}

/** Repeats a call for up to a minute while it is denied: IAM is eventually consistent (IAM user guide, "Troubleshoot IAM"). */
export async function untilAllowed<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 12 || !isDenied(error)) throw error;
      await sleep(5_000);
    }
  }
}

/** Whether AWS denied a call. The name depends on the service's protocol. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /^(AccessDenied|AWS\.SimpleQueueService\.AccessDenied)/.test(error.name);
}

function policyOf(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
