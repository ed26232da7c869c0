import { GetObjectTaggingCommand, PutObjectTaggingCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { tagNames } from '../../../contract/outcome-tags';
import { S3Error } from 'local-aws/s3/errors';
import type { FaultableCall } from 'local-aws/s3/faultable-call';
import type { PutPhoto } from './photo-app';

const accessKeyId = 'tagger';

/** The photo bucket's policy: only the function may change the tags of an object that has an outcome. */
export function refuseByPolicy(
  call: FaultableCall,
  existingTags: () => ReadonlyMap<string, string>,
): S3Error | undefined {
  const isTagger = call.operation === 'PutObjectTagging' && call.accessKeyId === accessKeyId;
  return isTagger && existingTags().has(tagNames.status) ? new S3Error('AccessDenied') : undefined;
}

/** Another program, such as a malware scanner, that tags photo objects during their upload to ComplyCube. */
export class Tagger {
  readonly counts = { 'tags added': 0, 'refused by the policy': 0 };
  /** The written tags, by version. */
  readonly written = new Map<string, Readonly<Record<string, string>>>();
  private readonly s3: S3Client;

  constructor(
    config: S3ClientConfig,
    private readonly bucket: string,
  ) {
    this.s3 = new S3Client({ ...config, credentials: { accessKeyId, secretAccessKey: 'local' } });
  }

  /** Adds the planned tags to an object once. */
  async tag({ photo, versionId }: PutPhoto): Promise<void> {
    if (photo.special?.what !== 'tagged meanwhile' || this.written.has(versionId)) return;
    const own = Object.fromEntries(Array.from({ length: photo.special.tagCount }, (_, at) => [`scan-${at}`, 'clean']));
    const object = { Bucket: this.bucket, Key: photo.key, VersionId: versionId };
    this.written.set(versionId, {});
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand(object));
    const added = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
    try {
      await this.s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [...TagSet, ...added] } }));
      this.written.set(versionId, own);
      this.counts['tags added'] += added.length;
    } catch (error) {
      if ((error as Error).name !== 'AccessDenied') throw error;
      this.counts['refused by the policy'] += 1;
    }
  }

  stop(): void {
    this.s3.destroy();
  }
}
