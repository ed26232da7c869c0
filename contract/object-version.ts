/** A version of an object in S3. */
export interface ObjectVersion {
  readonly bucket: string;
  /** Not encoded. */
  readonly key: string;
  /** Undefined if the bucket has no versioning, `null` if versioning is suspended. */
  readonly versionId: string | undefined;
  /** Without quotes, as in events. */
  readonly eTag: string;
}

/** Whether another object can replace this one under the same version ID. Versions with a separate ID never change. */
export function canBeOverwritten({ versionId }: Pick<ObjectVersion, 'versionId'>): boolean {
  return versionId === undefined || versionId === 'null';
}
