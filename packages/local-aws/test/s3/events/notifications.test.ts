import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import {
  CopyObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { EventBridgeEvent } from '../../../src/s3/events/event-messages';
import type { QueueNotification } from '../../../src/s3/events/notifier';
import { type LocalS3, startS3 } from '../../../src/s3/server';
import { s3Client, send } from '../s3-requests';

const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:uploads';
const everything: QueueNotification = { queueArn, events: ['s3:ObjectCreated:*'], id: 'to-uploads' };

let s3: LocalS3;
let client: S3Client;
let sent: { queueArn: string; body: unknown }[];
let busEvents: EventBridgeEvent[];
let errors: unknown[];
let isQueueBroken: boolean;

beforeEach(async () => {
  sent = [];
  busEvents = [];
  errors = [];
  isQueueBroken = false;
  s3 = await startS3({
    region: 'eu-west-1',
    accountId: '123456789012',
    sendToQueue: async (arn, body) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (isQueueBroken) throw new Error('no such queue');
      sent.push({ queueArn: arn, body: JSON.parse(body) });
    },
    putEvent: async (event) => {
      await Promise.resolve();
      busEvents.push(event);
    },
    reportError: (_, error) => errors.push(error),
  });
  client = s3Client(s3);
});

afterEach(async () => {
  client.destroy();
  await s3.close();
});

async function put(Key: string, Body = 'hello'): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }))).VersionId;
}

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
    await s3.createBucket('photos', { notifications: [everything, filtered], isEventBridgeEnabled: true });
    await s3.createBucket('silent');
    const ask = (Bucket: string) => client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    const rules = [
      { Name: 'prefix', Value: 'a&b/' },
      { Name: 'suffix', Value: '.jpg' },
    ];
    await expect(ask('photos')).resolves.toMatchObject({
      QueueConfigurations: [
        { Id: 'to-uploads', QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] },
        { Id: 'filtered', Filter: { Key: { FilterRules: rules } } },
      ],
      EventBridgeConfiguration: expect.anything() as unknown,
    });
    const { QueueConfigurations, EventBridgeConfiguration } = await ask('silent');
    expect({ QueueConfigurations, EventBridgeConfiguration }).toEqual({});
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

  it('has a greater sequencer than the one before', async () => {
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
    await client.send(new CopyObjectCommand({ Bucket: 'photos', Key: 'c', CopySource: 'photos/out/1.jpg' }));
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

describe('an object created in a bucket with EventBridge enabled', () => {
  it('puts the event that S3 documents, with the key not encoded', async () => {
    await s3.createBucket('photos', { isEventBridgeEnabled: true, isVersioned: true });
    const versionId = await put('red flower+é.jpg');
    await s3.close();
    expect(busEvents).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Object Created',
        source: 'aws.s3',
        account: '123456789012',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'eu-west-1',
        resources: ['arn:aws:s3:::photos'],
        detail: {
          version: '0',
          bucket: { name: 'photos' },
          object: {
            key: 'red flower+é.jpg',
            size: 5,
            etag: '5d41402abc4b2a76b9719d911017c592',
            'version-id': versionId,
            sequencer: expect.stringMatching(/^[0-9a-f]{18}$/),
          },
          'request-id': expect.any(String),
          requester: '123456789012',
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
      },
    ]);
    expect(sent).toEqual([]);
  });

  it('puts no event in other buckets', async () => {
    await s3.createBucket('photos', { notifications: [everything] });
    await put('a');
    await s3.close();
    expect(busEvents).toEqual([]);
  });
});
