import { randomInt } from 'node:crypto';
import { AwsJsonError } from '../aws-json-error';
import { Secret } from './secret';

/** Whose secrets these are. */
export interface SecretsOptions {
  readonly region: string;
  readonly accountId: string;
}

const suffixCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffixLength = 6;

/** All secrets of one account in one region, by name. */
export class Secrets {
  private readonly byName = new Map<string, Secret>();

  constructor(private readonly options: SecretsOptions) {}

  /**
   * Creates a secret without a value, or finds the one of this name that already has the version, so that a creation can be
   * repeated.
   * @throws ValidationException for a name that cannot be one, ResourceExistsException when there is one of this name, or
   * InvalidRequestException when that one is scheduled for deletion.
   */
  create(name: string, versionId?: string): Secret {
    if (!/^[\w/+=.@!-]{1,512}$/.test(name)) {
      const message =
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
      throw new AwsJsonError('ValidationException', message);
    }
    const existing = this.byName.get(name);
    if (existing?.deletionAtMs !== undefined) {
      const message = "You can't create this secret because a secret with this name is already scheduled for deletion.";
      throw new AwsJsonError('InvalidRequestException', message);
    }
    if (existing !== undefined) {
      if (versionId !== undefined && existing.has(versionId)) return existing;
      throw new AwsJsonError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const secret = new Secret(name, `${this.arnPrefix}${name}-${randomSuffix()}`, Date.now());
    this.byName.set(name, secret);
    return secret;
  }

  /**
   * Finds a secret by name, ARN, or ARN without the hyphen and six characters at its end.
   * An ARN that ends in a hyphen and six characters is taken as whole, as Secrets Manager documents it under "Finding a
   * secret from a partial ARN".
   */
  find(id: string): Secret | undefined {
    if (!id.startsWith('arn:')) return this.byName.get(id);
    if (!id.startsWith(this.arnPrefix)) return undefined;
    const rest = id.slice(this.arnPrefix.length);
    if (!/-[A-Za-z0-9]{6}$/.test(rest)) return this.byName.get(rest);
    const secret = this.byName.get(rest.slice(0, -suffixLength - 1));
    return secret?.arn === id ? secret : undefined;
  }

  /**
   * Finds a secret, scheduled for deletion or not.
   * @throws ResourceNotFoundException
   */
  get(id: string): Secret {
    const secret = this.find(id);
    if (secret !== undefined) return secret;
    throw new AwsJsonError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /**
   * Finds a secret that is not scheduled for deletion.
   * @throws ResourceNotFoundException, or InvalidRequestException when it is.
   */
  getUsable(id: string): Secret {
    const secret = this.get(id);
    if (secret.deletionAtMs === undefined) return secret;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new AwsJsonError('InvalidRequestException', message);
  }

  /** Deletes a secret at once. */
  delete(secret: Secret): void {
    this.byName.delete(secret.name);
  }

  private get arnPrefix(): string {
    return `arn:aws:secretsmanager:${this.options.region}:${this.options.accountId}:secret:`;
  }
}

function randomSuffix(): string {
  return Array.from({ length: suffixLength }, () => suffixCharacters.charAt(randomInt(suffixCharacters.length))).join(
    '',
  );
}
