import { GetObjectCommand, GetObjectTaggingCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { ClaimRecord } from '../../contract/claim-record';
import { claimKey } from '../../contract/claim-key';
import type { PhotoLocation } from '../../contract/object-events';
import type { Outcome } from '../../contract/outcome';
import { isS3Absence } from '../../contract/s3-absence';
import { outcomeOfTags, type TagSet } from '../../contract/outcome-tags';

/** What is known of how a photo object ended: by its tags, or, where these could not be written, by its claim. */
export type KnownOutcome =
  | { readonly kind: 'told'; readonly outcome: Outcome }
  | { readonly kind: 'untagged'; readonly livePhotoId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'gone' };

/** Reads the tags and the claims of photo objects. */
export class PhotoOutcomes {
  constructor(
    private readonly s3: S3Client,
    private readonly claimsBucket: string,
  ) {}

  /** What the tags tell. */
  async readTold(location: PhotoLocation): Promise<KnownOutcome> {
    const tags = await this.readTags(location);
    if (tags === 'gone') return { kind: 'gone' };
    const outcome = outcomeOfTags(tags);
    return outcome === undefined ? { kind: 'none' } : { kind: 'told', outcome };
  }

  /** What the tags tell, else what the claim does. */
  async read(location: PhotoLocation): Promise<KnownOutcome> {
    const told = await this.readTold(location);
    if (told.kind !== 'none') return told;
    const livePhotoId = (await this.readClaim(location))?.livePhotoId;
    return livePhotoId === undefined ? told : { kind: 'untagged', livePhotoId };
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

  /** Who works, or worked, on the object; undefined when nobody did in the last 30 days, which claims are kept for. */
  async readClaim(location: PhotoLocation): Promise<ClaimRecord | undefined> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.claimsBucket, Key: claimKey(location) }));
      return Body === undefined ? undefined : (JSON.parse(await Body.transformToString()) as ClaimRecord);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}
