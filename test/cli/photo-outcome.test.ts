import { GetObjectCommand, GetObjectTaggingCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { PhotoOutcomes } from '../../cli/photos/photo-outcome';
import { photoLocation } from '../lambda/fixtures/events';

const s3 = mockClient(S3Client);
const outcomes = new PhotoOutcomes(new S3Client({ region: 'us-east-1' }), 'claims');
const tagsAre = (tags: Record<string, string>): void => {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  s3.on(GetObjectTaggingCommand).resolves({ TagSet });
};

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
  s3.on(GetObjectCommand).rejects(new NoSuchKey({ $metadata: {}, message: 'no claim' }));
});

describe('the outcome of a photo object', () => {
  it.each<Record<string, string>>([
    {},
    { 'complycube-status': 'uploaded' },
    { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '' },
    { 'complycube-status': 'rejected' },
    { 'complycube-status': 'rejected', 'complycube-rejection': 'too-blue' },
    { 'complycube-status': 'done' },
  ])('is none with the tags %j', async (tags) => {
    tagsAre(tags);
    await expect(outcomes.readTagged(photoLocation)).resolves.toEqual({ kind: 'none' });
    await expect(outcomes.read(photoLocation)).resolves.toEqual({ kind: 'none' });
  });

  it('is the one in complete tags', async () => {
    tagsAre({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'id' });
    const outcome = { status: 'uploaded', livePhotoId: 'id' };
    await expect(outcomes.readTagged(photoLocation)).resolves.toEqual({ kind: 'tagged', outcome });
  });
});
