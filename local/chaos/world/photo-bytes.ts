import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { noiseBytes } from 'sample-photos/noise';
import type { PlannedPhoto } from '../plan/photo-plan';

/** A JPEG's start and its JFIF segment, which must be the first (JFIF 1.02). */
const startBytes = 20;
const commentBytes = 1_000;
/** How much of a photo is cut off. The rest must not be too small. */
const cutOffBytes = 5_000;
/** The minimum size of a valid photo. */
const smallestBytes = 34_000;

/** Makes planned photos fast: each size is drawn once, and each photo has a different comment segment. */
export class PhotoBytes {
  private readonly portraits = new Map<number, Buffer>();

  make({ picture, size, isCutOff }: Pick<PlannedPhoto, 'picture' | 'size' | 'isCutOff'>): Buffer {
    const portrait = this.portraitOf(size - commentBytes);
    const comment = noiseBytes(picture, commentBytes);
    comment.set([0xff, 0xfe]); // COM (ITU-T T.81, table B.1), then its length without the marker
    comment.writeUInt16BE(commentBytes - 2, 2);
    const photo = Buffer.concat([portrait.subarray(0, startBytes), comment, portrait.subarray(startBytes)]);
    return isCutOff ? cutOff(photo, Math.max(smallestBytes, size - cutOffBytes)) : photo;
  }

  /** Draws portraits in advance, because drawing a large one takes longer than the call timeout. */
  prepare(photos: readonly Pick<PlannedPhoto, 'size'>[]): void {
    for (const { size } of photos) this.portraitOf(size - commentBytes);
  }

  private portraitOf(bytes: number): Buffer {
    const portrait = this.portraits.get(bytes) ?? makeJpeg({ bytes, seed: bytes });
    this.portraits.set(bytes, portrait);
    return portrait;
  }
}
