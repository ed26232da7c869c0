import { GetObjectCommand, GetObjectTaggingCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { CommandError } from '../command-error';
import type { ClaimRecord } from '../../contract/claim-record';
import { claimKey } from '../../contract/claim-key';
import type { PhotoLocation } from '../../contract/object-events';
import { isS3Absence } from '../../contract/s3-absence';
import { outcomeOfTags, type TaggedOutcome, type TagSet } from '../../contract/outcome-tags';

/** The outcome of a photo object, from its tags, or from its claim if the tags could not be written. */
export type KnownOutcome =
  | { readonly kind: 'tagged'; readonly outcome: TaggedOutcome }
  | { readonly kind: 'untagged'; readonly livePhotoId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'gone' };

/** The outcome in an object's tags, otherwise in its claim. */
export function outcomeIn(tags: TagSet | 'gone', claim: ClaimRecord | undefined): KnownOutcome {
  if (tags === 'gone') return { kind: 'gone' };
  const outcome = outcomeOfTags(tags);
  if (outcome !== undefined) return { kind: 'tagged', outcome };
  // The object had no room for the tag.
  if (claim?.erasure?.isDone === true && claim.erasure.result?.outcome !== 'refused') {
    return { kind: 'tagged', outcome: { status: 'erased' } };
  }
  return claim?.livePhotoId === undefined ? { kind: 'none' } : { kind: 'untagged', livePhotoId: claim.livePhotoId };
}

/** Reads the tags and the claims of photo objects. */
export class PhotoOutcomes {
  constructor(
    private readonly s3: S3Client,
    private readonly claimsBucket: string,
  ) {}

  /** The outcome from the tags. */
  async readTagged(location: PhotoLocation): Promise<KnownOutcome> {
    return outcomeIn(await this.readTags(location), undefined);
  }

  /** The outcome from the tags, otherwise from the claim. */
  async read(location: PhotoLocation): Promise<KnownOutcome> {
    const tags = await this.readTags(location);
    const tagged = outcomeIn(tags, undefined);
    return tagged.kind === 'none' ? outcomeIn(tags, await this.readClaim(location)) : tagged;
  }

  /** The object's current tags. */
  async readTags({ bucket, key, versionId }: PhotoLocation): Promise<TagSet | 'gone'> {
    try {
      const { TagSet = [] } = await this.s3.send(
        new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
      return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (isS3Absence(error)) return 'gone';
      throw error;
    }
  }

  /** The object's claim; undefined if there is none. Claims expire after 30 days. */
  async readClaim(location: PhotoLocation): Promise<ClaimRecord | undefined> {
    const claim = { Bucket: this.claimsBucket, Key: claimKey(location) };
    try {
      const { Body } = await this.s3.send(new GetObjectCommand(claim));
      return Body === undefined ? undefined : (JSON.parse(await Body.transformToString()) as ClaimRecord);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (!(error instanceof SyntaxError)) throw error;
      throw new CommandError(
        `The claim ${claim.Key} in ${claim.Bucket} is damaged, because it is not JSON. Only the function may write claims: find out who changed it (docs/security.md)`,
      );
    }
  }
}
