import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  startSecretsManager,
  type LocalSecretsManager,
  type LocalSecretsManagerOptions,
} from '../../src/secrets-manager/server';

/** A local Secrets Manager with a real client. */
export interface SecretsManagerUnderTest {
  readonly secretsManager: LocalSecretsManager;
  readonly client: SecretsManagerClient;
  close(): Promise<void>;
}

/** Starts a local Secrets Manager and a client that never retries. */
export async function startSecretsManagerUnderTest(
  options: LocalSecretsManagerOptions = {},
): Promise<SecretsManagerUnderTest> {
  const secretsManager = await startSecretsManager(options);
  const client = new SecretsManagerClient({
    endpoint: secretsManager.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    secretsManager,
    client,
    async close() {
      client.destroy();
      await secretsManager.close();
    },
  };
}
