import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { ClaimRecord } from '../lambda/claim-record';
import { claimKey } from '../lambda/claims';
import type { PhotoLocation } from '../lambda/object-events';
import type { Outcome } from '../lambda/outcome';
import { PhotoStore } from '../lambda/photo-store';
import { outcomeOfTags, type TagSet } from '../lambda/photo-tags';

/** What is known of how a photo object ended: by its tags, or, where these could not be written, by its claim. */
export type KnownOutcome =
  | { readonly kind: 'told'; readonly outcome: Outcome }
  | { readonly kind: 'untagged'; readonly livePhotoId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'gone' };

/** Reads the tags and the claims of photo objects. */
export class PhotoOutcomes {
  private readonly photos: PhotoStore;

  constructor(
    private readonly s3: S3Client,
    private readonly claimsBucket: string,
  ) {
    this.photos = new PhotoStore(s3);
  }

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

  /** The tags that stand on the object. */
  readTags(location: PhotoLocation): Promise<TagSet | 'gone'> {
    return this.photos.readTags(location, new AbortController().signal);
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
