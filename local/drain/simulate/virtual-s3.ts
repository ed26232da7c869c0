import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { claimKey } from '../../../contract/claim-key';
import { mergeTags, type TagSet } from '../../../contract/outcome-tags';
import type { OpenPhoto, PhotoStore } from '../../../lambda/aws/photo-store';
import type { ArrivingImage } from '../../../lambda/photo/arriving-image';
import type { VirtualClock } from './virtual-clock';

/** How long the requests for one photo take together. */
const requestsMs = 45;
const photoBytes = 40_000;
const metadata = { 'client-id': 'client' };
const noTags: TagSet = new Map();
/** Of every uploaded photo: which live photo it is does not matter here. */
const uploadedTags = mergeTags(noTags, { status: 'uploaded', livePhotoId: '0'.repeat(24) });

/** The photo objects, and the objects of the claims bucket, with conditional writes. */
export class VirtualS3 {
  /** Requests so far, by their price. The app's PUT of each photo is not included. */
  readonly requests = { write: 0, read: 0 };
  private readonly claims = new Map<string, { readonly body: unknown; readonly eTag: string }>();
  /** The keys of the photos that have an outcome. */
  private readonly tagged = new Set<string>();
  private writes = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly createdAtMs: (photo: number) => number,
    private readonly onTagged: (photo: number) => void,
  ) {}

  /** The store of the photo objects. Each photo is one whole image, whose bytes are not simulated. */
  get photos(): Pick<PhotoStore, 'open' | 'readTags' | 'writeTags' | 'readHeaders'> {
    return {
      open: async ({ key }) => {
        this.requests.read++;
        await this.clock.sleep(requestsMs);
        return this.describePhoto(key);
      },
      readHeaders: () => Promise.reject(new Error('The simulation has no erasures')),
      readTags: async ({ key }) => {
        await this.request('read');
        return this.tagged.has(key) ? uploadedTags : noTags;
      },
      writeTags: async (version) => {
        await this.request('write');
        this.tagged.add(version.key);
        // A million claims would fill the memory. A redelivery sees the tags.
        this.claims.delete(claimKey(version));
        this.onTagged(Number(version.key));
        return 'written';
      },
    };
  }

  /** A client with the requests of claims. */
  get claimsClient(): S3Client {
    const send = async (command: unknown): Promise<object> => {
      await this.request(command instanceof PutObjectCommand ? 'write' : 'read');
      if (command instanceof PutObjectCommand) return this.put(command.input);
      if (command instanceof GetObjectCommand) return this.get(command.input);
      if (command instanceof DeleteObjectCommand) {
        this.requests.read--; // S3 does not charge it
        const { Key = '', IfMatch } = command.input;
        this.match(Key, IfMatch);
        this.claims.delete(Key);
        return {};
      }
      throw new Error('The simulated S3 does not know this command');
    };
    return { send } as unknown as S3Client;
  }

  private async request(price: keyof typeof this.requests): Promise<void> {
    this.requests[price]++;
    await Promise.resolve();
  }

  private describePhoto(key: string): OpenPhoto {
    return {
      bytes: photoBytes,
      metadata,
      createdAtMs: this.createdAtMs(Number(key)),
      tagCount: this.tagged.has(key) ? uploadedTags.size : 0,
      read: wholeImage,
      readAgain: () => Promise.resolve(wholeImage()),
      discard: () => undefined,
    };
  }

  private put({ Key = '', Body, IfMatch, IfNoneMatch }: PutObjectCommand['input']): object {
    if (IfNoneMatch === '*' && this.claims.has(Key)) throw preconditionFailed();
    this.match(Key, IfMatch);
    const eTag = `"${++this.writes}"`;
    this.claims.set(Key, { body: Body, eTag });
    return { ETag: eTag };
  }

  private get({ Key = '' }: GetObjectCommand['input']): object {
    const claim = this.claims.get(Key);
    if (claim === undefined) throw new NoSuchKey({ message: '', $metadata: {} });
    return { Body: { transformToString: () => Promise.resolve(claim.body) }, ETag: claim.eTag };
  }

  private match(key: string, eTag: string | undefined): void {
    if (eTag !== undefined && this.claims.get(key)?.eTag !== eTag) throw preconditionFailed();
  }
}

function wholeImage(): ArrivingImage {
  const bytes = Buffer.alloc(0);
  const image: Pick<ArrivingImage, 'length' | 'until' | 'fault' | 'release' | 'isReleased'> = {
    length: photoBytes,
    until: () => Promise.resolve(bytes),
    fault: () => Promise.resolve(undefined),
    release: () => undefined,
    isReleased: false,
  };
  return image as ArrivingImage;
}

function preconditionFailed(): S3ServiceException {
  return new S3ServiceException({ name: 'PreconditionFailed', $fault: 'client', $metadata: { httpStatusCode: 412 } });
}
