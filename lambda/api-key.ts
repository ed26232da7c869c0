import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AccountFaultError } from './retry-later-error';

/** The secret does not hold a ComplyCube API key; the message says what is wrong and never shows the value. */
export class ApiKeyError extends AccountFaultError {
  override readonly name = 'ApiKeyError';
}

/** A key that was changed is used after so long at the latest. */
const maxAgeMs = 5 * 60_000;

/** ComplyCube's API key, read from Secrets Manager when it is needed and kept for five minutes. */
export class ApiKey {
  private cached: { readonly key: string; readonly readAt: number } | undefined;
  private reading: Promise<string> | undefined;

  constructor(
    private readonly secretsManager: SecretsManagerClient,
    private readonly secretId: string,
  ) {}

  /**
   * The key; reads the secret when the cached one is too old. Age is checked on use: a frozen environment runs no timers.
   * @throws ApiKeyError when the secret holds no key; whatever the read throws. Nothing of a failed read is kept.
   */
  async read(): Promise<string> {
    if (this.cached !== undefined && Date.now() - this.cached.readAt < maxAgeMs) return this.cached.key;
    this.reading ??= this.readSecret().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** The key anew, after ComplyCube refused `refusedKey`; one read serves all who were refused the same key. */
  async readInPlaceOf(refusedKey: string): Promise<string> {
    if (this.cached?.key === refusedKey) this.cached = undefined;
    return this.read();
  }

  private async readSecret(): Promise<string> {
    const key = parseApiKey(await this.secretValue());
    this.cached = { key, readAt: Date.now() };
    return key;
  }

  private async secretValue(): Promise<string | undefined> {
    try {
      return (await this.secretsManager.send(new GetSecretValueCommand({ SecretId: this.secretId }))).SecretString;
    } catch (cause) {
      if (!(cause instanceof ResourceNotFoundException)) throw cause;
      throw new ApiKeyError('The secret has no value yet: set the ComplyCube API key', { cause });
    }
  }
}

/** Reads the key from a secret's value: the bare key, or JSON with `apiKey`. */
function parseApiKey(secret: string | undefined): string {
  if (secret === undefined || secret === '') throw new ApiKeyError('The secret is empty: set the ComplyCube API key');
  const key = secret.trimStart().startsWith('{') ? apiKeyProperty(secret) : secret;
  if (/\s/.test(key)) throw new ApiKeyError('The API key in the secret holds white space: set it without');
  if (!/^[\x21-\x7e]*$/.test(key)) throw new ApiKeyError('The API key in the secret holds characters that no key has');
  if (!/^(test|live)_./.test(key))
    throw new ApiKeyError('The API key in the secret does not start with test_ or live_');
  return key;
}

function apiKeyProperty(secret: string): string {
  let value: unknown;
  try {
    value = JSON.parse(secret);
  } catch {
    // The parser's own message would quote the secret.
    throw new ApiKeyError('The secret starts like JSON and is not: set the bare key, or JSON with apiKey');
  }
  const { apiKey } = value as { apiKey?: unknown };
  if (typeof apiKey !== 'string' || apiKey === '') throw new ApiKeyError('The secret is JSON without a text apiKey');
  return apiKey;
}
