import { randomUUID } from 'node:crypto';
import { startAwsJsonServer, type AwsJsonFaults, type AwsJsonServer } from '../aws-json-protocol';
import { secretsOperations } from './operations';
import { Secrets } from './secrets';

/** How the local Secrets Manager is set up; every option has a default. */
export interface LocalSecretsManagerOptions extends AwsJsonFaults {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** `us-east-1` unless said otherwise. */
  readonly region?: string;
  /** `000000000000` unless said otherwise. */
  readonly accountId?: string;
}

/** A running local Secrets Manager. */
export interface LocalSecretsManager extends AwsJsonServer {
  /**
   * Creates a secret without HTTP; without a value it is as CloudFormation can leave one: reading it answers
   * ResourceNotFoundException.
   * @throws AwsJsonError what CreateSecret would answer.
   */
  createSecret(name: string, value?: string): { arn: string; name: string };
  /**
   * Gives a secret a new current value without HTTP.
   * @param id the secret's name or ARN.
   * @throws AwsJsonError what PutSecretValue would answer.
   * @returns the ID of the new version.
   */
  putSecretValue(id: string, value: string): string;
}

/** A value of 64 KiB, with room for JSON to write a byte of it as six characters. */
const maxBodyBytes = 1024 * 1024;

/**
 * Starts a local Secrets Manager.
 * Secrets live in memory and are never logged. Signatures are not checked. Rotation, replication, tags, resource policies,
 * KMS keys, listing secrets and restoring deleted ones are absent and answered with an error that names them.
 * @throws what listening reports, such as EADDRINUSE.
 */
export async function startSecretsManager(options: LocalSecretsManagerOptions = {}): Promise<LocalSecretsManager> {
  const { port = 0, region = 'us-east-1', accountId = '000000000000', fault, faultAfter } = options;
  const secrets = new Secrets({ region, accountId });
  const putCurrent = (id: string, SecretString: string) =>
    secrets.getUsable(id).put(randomUUID(), { SecretString }, ['AWSCURRENT'], Date.now()).id;

  const server = await startAwsJsonServer(
    {
      target: 'secretsmanager',
      version: '1.1',
      errorNamespace: '',
      maxBodyBytes,
      operations: secretsOperations(secrets),
      fault,
      faultAfter,
    },
    port,
  );

  return {
    ...server,
    createSecret(name, value) {
      const { arn } = secrets.create(name);
      if (value !== undefined) putCurrent(arn, value);
      return { arn, name };
    },
    putSecretValue: putCurrent,
  };
}
