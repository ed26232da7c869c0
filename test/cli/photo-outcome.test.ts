import { GetObjectCommand, GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { CommandError } from '../../cli/command-error';
import { PhotoOutcomes } from '../../cli/photos/photo-outcome';
import { photoLocation } from '../lambda/fixtures/events';

it('names a claim that is damaged', async () => {
  const s3 = mockClient(S3Client);
  s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
  s3.on(GetObjectCommand).resolves({ Body: { transformToString: () => Promise.resolve('{') } as never });
  const reading = new PhotoOutcomes(new S3Client({}), 'claims').read(photoLocation);
  await expect(reading).rejects.toThrow(CommandError);
  await expect(reading).rejects.toThrow(/^The claim \S+ in claims is damaged/);
});
