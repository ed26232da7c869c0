import { randomBytes, randomUUID } from 'node:crypto';
import { AwsJsonError } from '../aws-json-error';
import type { AwsJsonInput } from '../aws-json-input';
import { type AwsJsonFaults, type AwsJsonServer, startAwsJsonServer } from '../aws-json-protocol';

/** Options of the local Secrets Manager. */
export interface LocalSecretsManagerOptions extends AwsJsonFaults {
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Default: `000000000000`. */
  readonly accountId?: string;
  /** The only access key ID that may read secret values. Keep it secret. Undefined: every caller may. */
  readonly readerAccessKeyId?: string;
}

/** A running local Secrets Manager. */
export interface LocalSecretsManager extends AwsJsonServer {
  /**
   * Creates a secret without a value, as CloudFormation can. Reading its value fails with ResourceNotFoundException.
   * @throws AwsJsonError ResourceExistsException.
   */
  createSecret(name: string): { arn: string; name: string };
  /**
   * Sets a secret's current value.
   * @param id the secret's name or ARN.
   * @throws AwsJsonError ResourceNotFoundException.
   * @returns the ID of the new version.
   */
  putSecretValue(id: string, value: string): string;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  current?: { readonly id: string; readonly value: string; readonly createdAtMs: number };
}

/** A value of 64 KiB, of which JSON may write each byte as six characters. */
const maxBodyBytes = 1024 * 1024;
const maxValueBytes = 65_536;

/**
 * Starts a local Secrets Manager with GetSecretValue, PutSecretValue and DescribeSecret.
 * Each secret has one value, its current one, as a string. Secrets are held in memory and never logged. Signatures are not checked.
 */
export async function startSecretsManager(options: LocalSecretsManagerOptions = {}): Promise<LocalSecretsManager> {
  const { region = 'us-east-1', accountId = '000000000000', fault, faultAfter, readerAccessKeyId } = options;
  const secrets = new Map<string, Secret>();

  const find = (id: string): Secret => {
    const secret = secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id);
    if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
    return secret;
  };
  const put = (id: string, value: string, versionId: string = randomUUID()): string => {
    find(id).current = { id: versionId, value, createdAtMs: Date.now() };
    return versionId;
  };

  const operations = {
    GetSecretValue(input: AwsJsonInput, _: AbortSignal, accessKeyId: string | undefined) {
      input.refuseOtherThan('SecretId');
      if (readerAccessKeyId !== undefined && accessKeyId !== readerAccessKeyId) {
        throw new AwsJsonError('AccessDeniedException', 'Only the function may read the value of a secret.');
      }
      const { arn, name, current } = find(requiredString(input, 'SecretId'));
      if (current === undefined) {
        throw notFound("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
      }
      const { id, value, createdAtMs } = current;
      const version = { VersionId: id, VersionStages: ['AWSCURRENT'], CreatedDate: toSeconds(createdAtMs) };
      return { ARN: arn, Name: name, SecretString: value, ...version };
    },

    PutSecretValue(input: AwsJsonInput) {
      input.refuseOtherThan('SecretId', 'SecretString', 'ClientRequestToken');
      const { arn, name } = find(requiredString(input, 'SecretId'));
      const value = requiredString(input, 'SecretString');
      if (Buffer.byteLength(value) > maxValueBytes) {
        throw invalidParameter(`A secret value has at most ${maxValueBytes} bytes.`);
      }
      const versionId = put(arn, value, requiredString(input, 'ClientRequestToken'));
      return { ARN: arn, Name: name, VersionId: versionId, VersionStages: ['AWSCURRENT'] };
    },

    DescribeSecret(input: AwsJsonInput) {
      input.refuseOtherThan('SecretId');
      const { arn, name, createdAtMs, current } = find(requiredString(input, 'SecretId'));
      return {
        ARN: arn,
        Name: name,
        CreatedDate: toSeconds(createdAtMs),
        LastChangedDate: toSeconds(current?.createdAtMs ?? createdAtMs),
        ...(current !== undefined && { VersionIdsToStages: { [current.id]: ['AWSCURRENT'] } }),
      };
    },
  };

  const api = { target: 'secretsmanager', version: '1.1', errorNamespace: '', maxBodyBytes } as const;
  const server = await startAwsJsonServer({ ...api, operations, fault, faultAfter });
  return {
    ...server,
    createSecret(name) {
      if (secrets.has(name)) throw new AwsJsonError('ResourceExistsException', `The secret ${name} already exists.`);
      // Secrets Manager, too, adds a hyphen and six random characters to the name.
      const suffix = randomBytes(3).toString('hex');
      const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
      secrets.set(name, { name, arn, createdAtMs: Date.now() });
      return { arn, name };
    },
    putSecretValue: (id, value) => put(id, value),
  };
}

function requiredString(input: AwsJsonInput, name: string): string {
  const value = input.string(name);
  if (value === undefined || value === '') throw invalidParameter(`The parameter ${name} can't be empty.`);
  return value;
}

const invalidParameter = (message: string) => new AwsJsonError('InvalidParameterException', message);
const notFound = (message: string) => new AwsJsonError('ResourceNotFoundException', message);

/** The JSON protocol writes times as seconds since 1970. */
const toSeconds = (ms: number) => ms / 1000;
