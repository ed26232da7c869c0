import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type LocalS3, startS3 } from '../../../src/s3/server';
import { codeOf, s3Client, send } from '../s3-requests';

let s3: LocalS3;
let client: S3Client;

beforeEach(async () => {
  s3 = await startS3({ region: 'eu-west-1' });
  client = s3Client(s3);
});

afterEach(async () => {
  client.destroy();
  await s3.close();
});

const create = (Bucket: string, LocationConstraint: 'eu-west-1' | 'eu-west-2' = 'eu-west-1') =>
  client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));

describe('buckets', () => {
  it('are created, found, listed by name and deleted', async () => {
    await create('second');
    await create('first');
    const head = await client.send(new HeadBucketCommand({ Bucket: 'first' }));
    expect(head.BucketRegion).toBe('eu-west-1');
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'first' }));
    expect(LocationConstraint).toBe('eu-west-1');
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['first', 'second']);
    await client.send(new DeleteBucketCommand({ Bucket: 'first' }));
    await expect(client.send(new HeadBucketCommand({ Bucket: 'first' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('are not created twice, with a bad name or in another region', async () => {
    await create('taken');
    await expect(create('taken')).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await expect(create('elsewhere', 'eu-west-2')).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
    expect(codeOf(await send(s3, 'PUT', '/nowhere'))).toBe('IllegalLocationConstraintException');
    await expect(s3.createBucket('taken')).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
    for (const name of ['ab', 'Upper', 'under_score', '-dash', 'dots..dots', 'a'.repeat(64)]) {
      await expect(s3.createBucket(name)).rejects.toMatchObject({ code: 'InvalidBucketName' });
    }
  });

  it('need no constraint in us-east-1, where creating one again changes nothing', async () => {
    const east = await startS3();
    const statuses = [await send(east, 'PUT', '/photos'), await send(east, 'PUT', '/photos')].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 200]);
    const { text } = await send(east, 'GET', '/photos?location');
    expect(text).toContain('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>');
    await east.close();
  });

  it('are not deleted while they hold anything, be it a delete marker', async () => {
    await s3.createBucket('photos', { isVersioned: true });
    const { headers } = await send(s3, 'DELETE', '/photos/k');
    const answer = await send(s3, 'DELETE', '/photos');
    expect([answer.status, codeOf(answer)]).toEqual([409, 'BucketNotEmpty']);
    await send(s3, 'DELETE', `/photos/k?versionId=${String(headers['x-amz-version-id'])}`);
    expect((await send(s3, 'DELETE', '/photos')).status).toBe(204);
  });

  it('have no versioning until it is set', async () => {
    await s3.createBucket('photos');
    const status = async () => (await client.send(new GetBucketVersioningCommand({ Bucket: 'photos' }))).Status;
    expect(await status()).toBeUndefined();
    for (const Status of ['Enabled', 'Suspended'] as const) {
      const VersioningConfiguration = { Status };
      await client.send(new PutBucketVersioningCommand({ Bucket: 'photos', VersioningConfiguration }));
      expect(await status()).toBe(Status);
    }
  });

  it.each([
    ['<VersioningConfiguration/>', 'IllegalVersioningConfigurationException'],
    ['<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>', 'MalformedXML'],
    [
      '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>',
      'NotImplemented',
    ],
  ])('keep their versioning when it is set to %s', async (body, code) => {
    await s3.createBucket('photos');
    expect(codeOf(await send(s3, 'PUT', '/photos?versioning', {}, body))).toBe(code);
    expect((await client.send(new GetBucketVersioningCommand({ Bucket: 'photos' }))).Status).toBeUndefined();
  });
});
