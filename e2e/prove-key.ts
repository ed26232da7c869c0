import { CreateKeyCommand, type KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { Stack } from 'aws-cdk-lib';
import { keyStatements } from '../lib/pipeline-key';
import type { PhotoResult } from '../local/start/photo-run';
import { checkApiKey, checkPhotos, deployStack, type ProofDeps } from './proof';
import { findStackId } from './stack-record';
import { CheckError } from './steps';

/** The result of {@link proveKey}. */
export interface KeyProof {
  readonly results: readonly PhotoResult[];
  /** The key that was created; undefined if that failed. */
  readonly keyArn: string | undefined;
}

/**
 * Creates a KMS key, deploys the stack again so that the key encrypts everything, and checks that the function can decrypt: it
 * reads the API key, and a photo and its claim.
 */
export async function proveKey(deps: ProofDeps): Promise<KeyProof> {
  const { steps, stack, clients, photos } = deps;
  const keyArn = await steps.run('create a KMS key', async () => {
    const stackId = await findStackId(clients.cloudFormation, stack.name);
    if (stackId === undefined) throw new CheckError('no stack exists');
    return { result: 'done', value: await createKey(clients.kms, stackId, stack.name) };
  });
  if (keyArn === undefined) return { results: [], keyArn };
  stack.addSettings({ encryptionKeyArn: keyArn, pipelineKeyArn: keyArn });
  const deployed = await steps.run('deploy with the KMS key', () => deployStack(deps));
  if (deployed === undefined) return { results: [], keyArn };
  await steps.run('decrypt the API key', () => checkApiKey(deps, deployed.outputs));
  const some = photos.filter(({ expected }) => expected === 'uploaded').slice(0, 3);
  const encrypted = some.map((photo) => ({ ...photo, key: `with-kms-key/${photo.key}` }));
  let results: readonly PhotoResult[] = [];
  await steps.run('encrypted photos', () =>
    checkPhotos({ ...deps, photos: encrypted }, deployed, (all) => (results = all)),
  );
  return { results, keyArn };
}

/** Schedules the deletion of the key. Seven days are KMS's minimum. */
export async function deleteKey({ steps, clients }: ProofDeps, keyArn: string): Promise<void> {
  await steps.cleanUp('delete the KMS key', async () => {
    await clients.kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    return { result: 'in 7 days', value: undefined };
  });
}

/** Creates a key with KMS's default policy and the statements of docs/security.md. @returns its ARN. */
async function createKey(kms: KMSClient, stackId: string, stackName: string): Promise<string> {
  const [, partition = '', , region = '', account = ''] = stackId.split(':');
  const statements = keyStatements({
    ...{ account, region, partition, urlSuffix: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com' },
    names: `${stackName}-*`,
    ...{ hasRule: false, hasTopic: false },
  });
  const delegation = {
    ...{ Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
  };
  const Statement = [
    delegation,
    ...(new Stack().resolve(statements.map((one) => one.toStatementJson() as unknown)) as object[]),
  ];
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      Description: `Proof of the stack ${stackName}`,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  if (KeyMetadata?.Arn === undefined) throw new CheckError('KMS returned no ARN');
  return KeyMetadata.Arn;
}
