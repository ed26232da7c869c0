import { afterEach, beforeEach, describe, it, expect, jest } from '@jest/globals';
import { CopyObjectCommand, GetBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { QueueNotification } from '../../../src/s3/events/notifier';
import { send, useS3 } from '../s3-requests';

const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:uploads';
const everything: QueueNotification = { queueArn, events: ['s3:ObjectCreated:*'], id: 'to-uploads' };

let sent: { queueArn: string; body: unknown }[];
let errors: unknown[];
let isQueueBroken: boolean;

beforeEach(() => {
  sent = [];
  errors = [];
  isQueueBroken = false;
});
afterEach(() => {
  jest.restoreAllMocks();
});
const s3 = useS3(
  {},
  {
    region: 'eu-west-1',
    accountId: '123456789012',
    sendToQueue: async (arn, body) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (isQueueBroken) throw new Error('no such queue');
      sent.push({ queueArn: arn, body: JSON.parse(body) });
    },
    reportError: (_, error) => errors.push(error),
  },
);

const put = (Key: string) => s3.client.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'hello' }));

/** Closes the server, which waits for all deliveries. @returns the sent bodies. */
async function delivered(): Promise<unknown[]> {
  await s3.close();
  return sent.map(({ body }) => body);
}

async function deliveredKeys(): Promise<string[]> {
  const bodies = (await delivered()) as { Records?: { s3: { object: { key: string } } }[] }[];
  return bodies.flatMap(({ Records = [] }) => Records.map((record) => record.s3.object.key));
}

describe('setting up a notification', () => {
  it('is returned by GetBucketNotificationConfiguration', async () => {
    const filtered: QueueNotification = { ...everything, id: 'filtered', prefix: 'a&b/', suffix: '.jpg' };
    await s3.createBucket('photos', { notifications: [everything, filtered] });
    await s3.createBucket('silent');
    const configurationOf = async (Bucket: string) =>
      (await s3.client.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).QueueConfigurations;
    const rules = [
      { Name: 'prefix', Value: 'a&b/' },
      { Name: 'suffix', Value: '.jpg' },
    ];
    expect(await configurationOf('photos')).toMatchObject([
      { Id: 'to-uploads', QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] },
      { Id: 'filtered', Filter: { Key: { FilterRules: rules } } },
    ]);
    expect(await configurationOf('silent')).toBeUndefined();
  });

  it('sends the test event to each queue', async () => {
    await s3.createBucket('photos', { notifications: [everything] });
    expect(sent).toEqual([
      {
        queueArn,
        body: {
          Service: 'Amazon S3',
          Event: 's3:TestEvent',
          Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          Bucket: 'photos',
          RequestId: expect.any(String),
          HostId: expect.any(String),
        },
      },
    ]);
  });

  it('fails if the queue is unreachable', async () => {
    isQueueBroken = true;
    await expect(s3.createBucket('photos', { notifications: [everything] })).rejects.toThrow('no such queue');
  });
});

describe('an object created', () => {
  it('sends the record that S3 documents to its queue', async () => {
    await s3.createBucket('photos', { notifications: [everything] });
    const answer = await send(s3, 'PUT', '/photos/in/red%20flower+%C3%A9.jpg', {}, 'hello');
    const [, message] = await delivered();
    expect(message).toEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'eu-west-1',
          eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          eventName: 'ObjectCreated:Put',
          userIdentity: { principalId: expect.any(String) },
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: {
            'x-amz-request-id': answer.headers['x-amz-request-id'],
            'x-amz-id-2': answer.headers['x-amz-id-2'],
          },
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'to-uploads',
            bucket: {
              name: 'photos',
              ownerIdentity: { principalId: expect.any(String) },
              arn: 'arn:aws:s3:::photos',
            },
            object: {
              key: 'in/red+flower%2B%C3%A9.jpg',
              size: 5,
              eTag: '5d41402abc4b2a76b9719d911017c592',
              sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
            },
          },
        },
      ],
    });
  });

  it('has a greater sequencer than the one before, even in the same millisecond', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    await s3.createBucket('photos', { notifications: [everything] });
    for (let count = 0; count < 20; count++) await put('a');
    const [, ...messages] = (await delivered()) as { Records: [{ s3: { object: { sequencer: string } } }] }[];
    const sequencers = messages.map(({ Records: [record] }) => record.s3.object.sequencer);
    expect(new Set(sequencers).size).toBe(20);
    expect(sequencers).toEqual([...sequencers].sort());
  });

  it('is sent only to queues with a matching prefix, suffix and event', async () => {
    const only = (filter: Partial<QueueNotification>): QueueNotification => ({ ...everything, ...filter });
    await s3.createBucket('photos', {
      notifications: [
        only({ queueArn: 'filtered', prefix: 'in/é ', suffix: '.jpg' }),
        only({ queueArn: 'copies', events: ['s3:ObjectCreated:Copy'] }),
        only({ queueArn: 'puts', events: ['s3:ObjectCreated:Put'] }),
      ],
    });
    for (const key of ['in/é 1.jpg', 'in/é 1.png', 'out/1.jpg']) await put(key);
    await s3.client.send(new CopyObjectCommand({ Bucket: 'photos', Key: 'c', CopySource: 'photos/out/1.jpg' }));
    await s3.close();
    const sentTo = (arn: string) => sent.filter((message) => message.queueArn === arn).length - 1;
    expect([sentTo('filtered'), sentTo('copies'), sentTo('puts')]).toEqual([1, 1, 3]);
    const copied = sent.find(({ queueArn: arn, body }) => arn === 'copies' && !('Event' in (body as object)));
    expect(copied?.body).toMatchObject({
      Records: [{ eventName: 'ObjectCreated:Copy', s3: { object: { key: 'c' } } }],
    });
  });

  it('causes no event if it is only tagged, deleted or refused', async () => {
    await s3.createBucket('photos', { notifications: [everything] });
    await put('a');
    await send(s3, 'PUT', '/photos/a?tagging', {}, '<Tagging><TagSet/></Tagging>');
    await send(s3, 'PUT', '/photos/a', { 'if-none-match': '*' }, 'x');
    await send(s3, 'PUT', '/photos/b', { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }, 'x');
    await send(s3, 'DELETE', '/photos/a');
    expect(await deliveredKeys()).toEqual(['a']);
  });

  it('is stored even if its event is not delivered, which is reported', async () => {
    await s3.createBucket('photos', { notifications: [everything] });
    isQueueBroken = true;
    await put('a');
    expect((await send(s3, 'GET', '/photos/a')).text).toBe('hello');
    await s3.close();
    expect(errors).toEqual([new Error('no such queue')]);
  });
});
