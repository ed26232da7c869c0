import { AwsJsonError } from '../aws-json-error';

/** What one version of a secret holds; binary values are base64. Never logged. */
export type SecretValue =
  | { readonly SecretString: string; readonly SecretBinary?: undefined }
  | { readonly SecretBinary: string; readonly SecretString?: undefined };

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAtMs: number;
  /** The staging labels that it bears now. */
  readonly stages: ReadonlySet<string>;
}

/** Which version a caller asks for; with neither, the one labelled AWSCURRENT. */
export interface VersionChoice {
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
}

const dayMs = 86_400_000;
const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

/**
 * A secret with its versions, each of which may bear staging labels; a label is on one version at a time.
 * Source: Secrets Manager's API reference (GetSecretValue, PutSecretValue, UpdateSecretVersionStage).
 */
export class Secret {
  private text: string | undefined;
  private changedMs: number;
  private deletionMs: number | undefined;
  private readonly versionsById = new Map<string, Omit<SecretVersion, 'stages'>>();
  private readonly versionIdByStage = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAtMs: number,
  ) {
    this.changedMs = createdAtMs;
  }

  get description(): string | undefined {
    return this.text;
  }

  get changedAtMs(): number {
    return this.changedMs;
  }

  /** When its recovery window ends, once its deletion was scheduled. */
  get deletionAtMs(): number | undefined {
    return this.deletionMs;
  }

  /** Every version, oldest first. */
  get versions(): readonly SecretVersion[] {
    return [...this.versionsById.values()].map((version) => this.withStages(version));
  }

  /**
   * Finds the version that a caller asks for.
   * @throws ResourceNotFoundException when there is none, as for a secret that was never given a value;
   * InvalidRequestException when ID and label stand for different versions.
   */
  version({ versionId, versionStage }: VersionChoice): SecretVersion {
    const stage = versionStage ?? (versionId === undefined ? current : undefined);
    const version = this.versionsById.get(versionId ?? this.versionIdByStage.get(stage ?? '') ?? '');
    if (version === undefined) {
      const asked = versionId === undefined ? `staging label: ${stage ?? ''}` : `VersionId: ${versionId}`;
      throw new AwsJsonError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${asked}`,
      );
    }
    if (stage !== undefined && this.versionIdByStage.get(stage) !== version.id) {
      const message = 'You provided a VersionStage that is not associated to the provided VersionId.';
      throw new AwsJsonError('InvalidRequestException', message);
    }
    return this.withStages(version);
  }

  /**
   * Adds a version and gives it labels; the first version is AWSCURRENT whatever the labels.
   * The same value under the same ID again changes nothing.
   * @throws ResourceExistsException when the ID stands for another value.
   */
  put(id: string, value: SecretValue, stages: readonly string[], nowMs: number): SecretVersion {
    const existing = this.versionsById.get(id);
    if (existing !== undefined) {
      if (!isSameValue(existing.value, value)) throw this.tokenInUse(id);
      return this.withStages(existing);
    }
    const isFirst = this.versionsById.size === 0;
    const version = { id, value, createdAtMs: nowMs };
    this.versionsById.set(id, version);
    for (const stage of isFirst ? new Set([current, ...stages]) : stages) this.attach(stage, id);
    this.changedMs = nowMs;
    return this.withStages(version);
  }

  /** The error for a version ID that is taken. */
  tokenInUse(id: string): AwsJsonError {
    const message = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${this.arn}.`;
    return new AwsJsonError('ResourceExistsException', message);
  }

  has(versionId: string): boolean {
    return this.versionsById.has(versionId);
  }

  /**
   * Moves a staging label to a version, off a version, or from one to another.
   * @throws ResourceNotFoundException for a version that is not there; InvalidParameterException when the label is on
   * another version than `fromId`, or AWSCURRENT would be on none.
   */
  moveStage(stage: string, fromId: string | undefined, toId: string | undefined, nowMs: number): void {
    for (const id of [fromId, toId]) {
      if (id !== undefined) this.version({ versionId: id });
    }
    const holderId = this.versionIdByStage.get(stage);
    if (fromId !== holderId && (fromId !== undefined || holderId !== toId)) {
      throw new AwsJsonError('InvalidParameterException', wrongHolder(stage, holderId));
    }
    if (toId !== undefined) this.attach(stage, toId);
    else if (stage === current) {
      const message =
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.";
      throw new AwsJsonError('InvalidParameterException', message);
    } else this.versionIdByStage.delete(stage);
    this.changedMs = nowMs;
  }

  /** Changes the description; undefined leaves it. */
  describe(description: string | undefined, nowMs: number): void {
    this.text = description ?? this.text;
    this.changedMs = nowMs;
  }

  /** Schedules the deletion. @returns when the recovery window ends. */
  scheduleDeletion(recoveryDays: number, nowMs: number): number {
    this.deletionMs = nowMs + recoveryDays * dayMs;
    return this.deletionMs;
  }

  private attach(stage: string, id: string): void {
    const formerId = this.versionIdByStage.get(stage);
    if (stage === current && formerId !== undefined && formerId !== id) this.versionIdByStage.set(previous, formerId);
    this.versionIdByStage.set(stage, id);
  }

  private withStages(version: Omit<SecretVersion, 'stages'>): SecretVersion {
    const stages = [...this.versionIdByStage].filter(([, id]) => id === version.id).map(([stage]) => stage);
    return { ...version, stages: new Set(stages) };
  }
}

function isSameValue(one: SecretValue, other: SecretValue): boolean {
  return one.SecretString === other.SecretString && one.SecretBinary === other.SecretBinary;
}

function wrongHolder(stage: string, holderId: string | undefined): string {
  if (holderId === undefined) return `Staging label ${stage} isn't attached to any version.`;
  return `The parameter RemoveFromVersionId must be the version that staging label ${stage} is attached to, which is ${holderId}.`;
}
