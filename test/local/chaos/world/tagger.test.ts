import { GetObjectTaggingCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { drawPhotos, type PlannedPhoto } from '../../../../local/chaos/plan/photo-plan';
import { refuseByPolicy, Tagger } from '../../../../local/chaos/world/tagger';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { s3Client } from '../../../s3-client';

const [template] = drawPhotos(1, 1) as [PlannedPhoto];
const photo: PlannedPhoto = { ...template, key: 'k', special: { what: 'tagged meanwhile', tagCount: 2 } };

describe('another program that tags photos', () => {
  let s3: LocalS3;
  let tagger: Tagger;
  beforeEach(async () => {
    s3 = await startS3({ fault: refuseByPolicy });
    await s3.createBucket('photos', { isVersioned: true });
    tagger = new Tagger({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true }, 'photos');
  });
  afterEach(async () => {
    tagger.stop();
    await s3.close();
  });

  /** Puts the photo with tags, has the tagger tag it, and reads its tags. */
  async function tagsAfter(tags: Record<string, string>): Promise<Record<string, string>> {
    const client = s3Client(s3);
    const object = { Bucket: 'photos', Key: 'k' };
    const Tagging = new URLSearchParams(tags).toString();
    const { VersionId: versionId = '' } = await client.send(new PutObjectCommand({ ...object, Body: 'x', Tagging }));
    await tagger.tag({ photo, eTag: 'tag', versionId, sha256: '' });
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(object));
    client.destroy();
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  it('preserves existing tags', async () => {
    expect(await tagsAfter({ team: 'a' })).toEqual({ team: 'a', 'scan-0': 'clean', 'scan-1': 'clean' });
    expect([...tagger.written.values()]).toEqual([{ 'scan-0': 'clean', 'scan-1': 'clean' }]);
  });

  it('is refused if the photo has an outcome', async () => {
    const outcome = { 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' };
    expect(await tagsAfter(outcome)).toEqual(outcome);
    expect(tagger.counts['refused by the policy']).toBe(1);
    expect([...tagger.written.values()]).toEqual([{}]);
  });

  it('is the only program that the policy refuses', async () => {
    await tagsAfter({ 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' });
    const client = s3Client(s3);
    await client.send(new PutObjectTaggingCommand({ Bucket: 'photos', Key: 'k', Tagging: { TagSet: [] } }));
    client.destroy();
  });
});
