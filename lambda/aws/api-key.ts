import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Clock, systemClock } from '../clock';
import { AccountFaultError, RetryLaterError } from '../retry-later-error';
import { withDeadline } from '../with-deadline';

/** The secret does not contain a ComplyCube API key. The message says why and never contains the value. */
export class ApiKeyError extends AccountFaultError {
  override readonly name = 'ApiKeyError';

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'api-key-missing' });
  }
}

/** A changed key takes effect within five minutes. */
const maxAgeMs = 5 * 60_000;
/** All photos of a batch wait for the same read. */
const readTimeoutMs = 10_000;

/** ComplyCube's API key. Read from Secrets Manager on demand and cached for five minutes. */
export class ApiKey {
  private cached: { readonly key: string; readonly readAt: number } | undefined;
  private reading: Promise<string> | undefined;

  constructor(
    private readonly secretsManager: SecretsManagerClient,
    private readonly secretId: string,
    private readonly clock: Pick<Clock, 'after'> = systemClock,
  ) {}

  /**
   * Returns the key, and reads the secret if the cached key is too old. The age is checked on use, because timers do not run in a
   * frozen environment.
   * @throws ApiKeyError when the secret contains no key; RetryLaterError when it can't be read. A failed read is not cached.
   */
  async read(): Promise<string> {
    if (this.cached !== undefined && Date.now() - this.cached.readAt < maxAgeMs) return this.cached.key;
    this.reading ??= this.readSecret().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** Reads the secret now, so that a check tests the key that it holds. Photos use this key from now on. */
  async readAfresh(): Promise<string> {
    return this.readSecret();
  }

  /** Reads the key again after ComplyCube refused `refusedKey`. Callers with the same refused key share one read. */
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
    const command = new GetSecretValueCommand({ SecretId: this.secretId });
    const error = new RetryLaterError('secrets-manager-failed', 'Secrets Manager did not answer in time');
    try {
      const read = await withDeadline({ ms: readTimeoutMs, error }, this.clock, (abortSignal) =>
        this.secretsManager.send(command, { abortSignal }),
      );
      return read.SecretString;
    } catch (cause) {
      if (cause === error) throw error;
      // The parser's own message would quote the answer, and so the secret.
      if (cause instanceof SyntaxError) {
        throw new RetryLaterError('secrets-manager-failed', 'Secrets Manager GetSecretValue gave no JSON');
      }
      if (!(cause instanceof ResourceNotFoundException)) {
        throw new RetryLaterError('secrets-manager-failed', 'Secrets Manager GetSecretValue failed', { cause });
      }
      throw new ApiKeyError('The secret has no value yet: set the ComplyCube API key', { cause });
    }
  }
}

/** Reads the key from a secret's value: the bare key, or JSON with `apiKey`. */
function parseApiKey(secret: string | undefined): string {
  if (secret === undefined || secret === '') throw new ApiKeyError('The secret is empty: set the ComplyCube API key');
  const key = secret.trimStart().startsWith('{') ? apiKeyProperty(secret) : secret;
  if (/\s/.test(key)) throw new ApiKeyError('The API key in the secret contains white space: remove it');
  if (!/^[\x21-\x7e]*$/.test(key))
    throw new ApiKeyError('The API key in the secret contains characters that are not allowed in a key');
  if (!/^(test|live)_./.test(key))
    throw new ApiKeyError('The API key in the secret does not start with test_ or live_');
  return key;
}

function apiKeyProperty(secret: string): string {
  let value: unknown;
  try {
    value = JSON.parse(secret);
  } catch {
    // The parser's error is not kept as cause: its message quotes the secret.
    throw new ApiKeyError('The secret starts like JSON but is not valid JSON: set the bare key, or JSON with apiKey');
  }
  const { apiKey } = value as { apiKey?: unknown };
  if (typeof apiKey !== 'string') throw new ApiKeyError('The secret is JSON without an apiKey string');
  return apiKey;
}
