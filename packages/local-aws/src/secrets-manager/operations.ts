import type { AwsJsonInput } from '../aws-json-input';
import type { AwsJsonOperation } from '../aws-json-protocol';
import { invalidParameter, readVersion, requiredString, valueParameters } from './requests';
import type { Secret } from './secret';
import type { Secrets } from './secrets';

/** The JSON protocol writes times as seconds since 1970. */
const seconds = (ms: number) => ms / 1000;
const names = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

const defaultRecoveryDays = 30;

/** The operations of the local Secrets Manager, by name. */
export function secretsOperations(secrets: Secrets): Record<string, AwsJsonOperation> {
  return {
    CreateSecret(input) {
      input.refuseOtherThan('Name', 'Description', ...valueParameters);
      const version = readVersion(input);
      const secret = secrets.create(requiredString(input, 'Name'), version?.id);
      secret.describe(input.string('Description'), Date.now());
      if (version === undefined) return names(secret);
      return { ...names(secret), VersionId: secret.put(version.id, version.value, [], Date.now()).id };
    },

    GetSecretValue(input) {
      input.refuseOtherThan('SecretId', 'VersionId', 'VersionStage');
      const secret = secrets.getUsable(requiredString(input, 'SecretId'));
      const { id, value, stages, createdAtMs } = secret.version({
        versionId: input.string('VersionId'),
        versionStage: input.string('VersionStage'),
      });
      return {
        ...names(secret),
        ...value,
        VersionId: id,
        CreatedDate: seconds(createdAtMs),
        ...(stages.size > 0 && { VersionStages: [...stages] }),
      };
    },

    PutSecretValue(input) {
      input.refuseOtherThan('SecretId', 'VersionStages', ...valueParameters);
      const secret = secrets.getUsable(requiredString(input, 'SecretId'));
      const version = readVersion(input);
      if (version === undefined) throw invalidParameter('You must provide either SecretString or SecretBinary.');
      const stages = input.strings('VersionStages') ?? ['AWSCURRENT'];
      const put = secret.put(version.id, version.value, stages, Date.now());
      return { ...names(secret), VersionId: put.id, VersionStages: [...put.stages] };
    },

    UpdateSecret(input) {
      input.refuseOtherThan('SecretId', 'Description', ...valueParameters);
      const secret = secrets.getUsable(requiredString(input, 'SecretId'));
      const version = readVersion(input);
      if (version !== undefined && secret.has(version.id)) throw secret.tokenInUse(version.id);
      secret.describe(input.string('Description'), Date.now());
      if (version === undefined) return names(secret);
      return { ...names(secret), VersionId: secret.put(version.id, version.value, ['AWSCURRENT'], Date.now()).id };
    },

    DescribeSecret(input) {
      input.refuseOtherThan('SecretId');
      return description(secrets.get(requiredString(input, 'SecretId')));
    },

    ListSecretVersionIds(input) {
      input.refuseOtherThan('SecretId', 'IncludeDeprecated');
      const secret = secrets.get(requiredString(input, 'SecretId'));
      const isListed = input.boolean('IncludeDeprecated') === true ? () => true : isLabelled;
      const versions = secret.versions.filter(isListed).map(({ id, stages, createdAtMs }) => ({
        VersionId: id,
        CreatedDate: seconds(createdAtMs),
        ...(stages.size > 0 && { VersionStages: [...stages] }),
      }));
      return { ...names(secret), Versions: versions };
    },

    UpdateSecretVersionStage(input) {
      input.refuseOtherThan('SecretId', 'VersionStage', 'RemoveFromVersionId', 'MoveToVersionId');
      const secret = secrets.getUsable(requiredString(input, 'SecretId'));
      const fromId = input.string('RemoveFromVersionId');
      const toId = input.string('MoveToVersionId');
      if (fromId === undefined && toId === undefined) {
        throw invalidParameter('You must provide RemoveFromVersionId, MoveToVersionId or both.');
      }
      secret.moveStage(requiredString(input, 'VersionStage'), fromId, toId, Date.now());
      return names(secret);
    },

    DeleteSecret(input) {
      input.refuseOtherThan('SecretId', 'RecoveryWindowInDays', 'ForceDeleteWithoutRecovery');
      const id = requiredString(input, 'SecretId');
      const recoveryDays = readRecoveryDays(input);
      if (input.boolean('ForceDeleteWithoutRecovery') !== true) {
        const secret = secrets.getUsable(id);
        return { ...names(secret), DeletionDate: seconds(secret.scheduleDeletion(recoveryDays, Date.now())) };
      }
      // Deleting by force what is not there is no error, as the API reference says.
      const secret = secrets.find(id);
      if (secret !== undefined) secrets.delete(secret);
      return { Name: id, ...(secret && names(secret)), DeletionDate: seconds(Date.now()) };
    },
  };
}

function readRecoveryDays(input: AwsJsonInput): number {
  const days = input.integer('RecoveryWindowInDays');
  if (days !== undefined && input.boolean('ForceDeleteWithoutRecovery') === true) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  return days ?? defaultRecoveryDays;
}

function description(secret: Secret): object {
  const labelled = secret.versions.filter(isLabelled);
  return {
    ...names(secret),
    Description: secret.description,
    CreatedDate: seconds(secret.createdAtMs),
    LastChangedDate: seconds(secret.changedAtMs),
    ...(secret.deletionAtMs !== undefined && { DeletedDate: seconds(secret.deletionAtMs) }),
    ...(labelled.length > 0 && {
      VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
    }),
  };
}

const isLabelled = ({ stages }: { readonly stages: ReadonlySet<string> }) => stages.size > 0;
