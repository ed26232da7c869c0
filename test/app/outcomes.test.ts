import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, PutObjectCommand, PutObjectTaggingCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import {
  type OutcomeWait,
  outcomeFromEvent,
  readOutcome,
  UnknownOutcomeError,
  waitForOutcome,
} from '../../app/outcomes';
import { type UploadOutcome, reject, rejectionReasons } from '../../contract/outcome';
import { mergeTags } from '../../contract/outcome-tags';
import { OutcomeEvents } from '../../lambda/aws/outcome-events';
import { listenOnLoopback } from 'loopback-server/loopback-server';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { photoLocation } from '../lambda/fixtures/events';
import { until } from '../until';
import { s3Client } from '../s3-client';

const object = { bucket: 'photos', key: 'a.jpg' };
const photo = { Bucket: object.bucket, Key: object.key };
let server: LocalS3;
let s3: S3Client;
/** The number of reads of tags. */
let reads: number;

beforeEach(async () => {
  reads = 0;
  server = await startS3({
    fault: ({ operation }) => {
      if (operation === 'GetObjectTagging') reads++;
      return undefined;
    },
  });
  await server.createBucket('photos', { isVersioned: true });
  s3 = s3Client(server);
});

afterEach(async () => {
  s3.destroy();
  await server.close();
});

async function put(tags: Record<string, string> = {}): Promise<string | undefined> {
  const Tagging = new URLSearchParams(tags).toString();
  return (await s3.send(new PutObjectCommand({ ...photo, Body: 'photo', Tagging }))).VersionId;
}

function tag(tags: Record<string, string>) {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return s3.send(new PutObjectTaggingCommand({ ...photo, Tagging: { TagSet } }));
}

const uploadedTags = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'photo-1' };

describe('an outcome that is read', () => {
  const read = (more: { versionId?: string } = {}) => readOutcome({ s3, ...object, ...more });

  it('is pending while the photo object has no tags or only other tags', async () => {
    await put();
    expect(await read()).toEqual({ status: 'pending' });
    await tag({ album: 'holidays' });
    expect(await read()).toEqual({ status: 'pending' });
  });

  it.each<Record<string, string>>([
    { 'complycube-status': 'uploaded' },
    { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '' },
    { 'complycube-status': 'uploaded', 'complycube-rejection': 'too-small' },
    { 'complycube-status': 'rejected' },
    { 'complycube-status': 'rejected', 'complycube-rejection': '' },
    { 'complycube-status': 'rejected', 'complycube-live-photo-id': 'photo-1' },
  ])('is pending while the outcome’s tags are incomplete: %j', async (tags) => {
    await put(tags);
    expect(await read()).toEqual({ status: 'pending' });
  });

  it('is uploaded, with the live photo’s ID', async () => {
    await put({ ...uploadedTags, album: 'holidays' });
    expect(await read()).toEqual({ status: 'uploaded', livePhotoId: 'photo-1' });
  });

  it.each(rejectionReasons)('is rejected, with the reason %s', async (reason) => {
    await put({ 'complycube-status': 'rejected', 'complycube-rejection': reason });
    expect(await read()).toEqual({ status: 'rejected', reason });
  });

  it('has the message of ComplyCube if the photo was refused, as the event has', async () => {
    const refused = reject('refused-by-complycube', 'ComplyCube answered 400 for data: “No face”, 2 = 2');
    await put();
    await tag(Object.fromEntries(mergeTags(new Map([['album', 'holidays']]), refused)));
    expect(await read()).toEqual(refused);
  });

  it('is absent before the photo is uploaded, and after it is deleted', async () => {
    expect(await read()).toEqual({ status: 'absent' });
    const versionId = (await put(uploadedTags)) ?? '';
    await s3.send(new DeleteObjectCommand(photo));
    expect(await read()).toEqual({ status: 'absent' });
    expect(await read({ versionId })).toMatchObject({ status: 'uploaded' });
    await s3.send(new DeleteObjectCommand({ ...photo, VersionId: versionId }));
    expect(await read({ versionId })).toEqual({ status: 'absent' });
  });

  it.each([
    [{ 'complycube-status': 'done' }, 'complycube-status'],
    [{ 'complycube-status': '' }, 'complycube-status'],
    [{ 'complycube-status': 'rejected', 'complycube-rejection': 'too-blue' }, 'update complycube-live-photos'],
  ])('is an error for an unknown status or reason: %j', async (tags, named) => {
    await put(tags);
    const reading = read();
    await expect(reading).rejects.toBeInstanceOf(UnknownOutcomeError);
    await expect(reading).rejects.toThrow(named);
  });

  it('is an error, not absent, if the bucket does not exist', async () => {
    await expect(readOutcome({ s3, bucket: 'nobody', key: 'a' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('waiting for an outcome', () => {
  const wait = (more: Partial<OutcomeWait> = {}) => waitForOutcome({ s3, ...object, deadlineMs: 300_000, ...more });

  it('ends immediately if there is one', async () => {
    await put(uploadedTags);
    expect(await wait()).toEqual({ status: 'uploaded', livePhotoId: 'photo-1' });
    expect(reads).toBe(1);
  });

  it('continues from before the upload until the photo is tagged', async () => {
    const waiting = wait();
    await readsAre(1);
    await put();
    await readsAre(2);
    await tag({ 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' });
    expect(await waiting).toEqual({ status: 'rejected', reason: 'too-small' });
  });

  describe('until its deadline', () => {
    let timeout: jest.SpiedFunction<typeof AbortSignal.timeout>;
    let passDeadline: () => void;
    beforeEach(() => {
      const deadline = new AbortController();
      timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
      passDeadline = () => deadline.abort(new DOMException('The deadline has passed', 'TimeoutError'));
    });
    afterEach(() => {
      timeout.mockRestore();
    });

    it.each([
      ['absent', () => undefined],
      ['pending', () => put()],
    ])('ends with the last known status: %s', async (status, prepare) => {
      await prepare();
      const waiting = wait({ deadlineMs: 50 });
      // The second read proves that the answer to the first one has arrived.
      await readsAre(2);
      passDeadline();
      expect(await waiting).toEqual({ status });
      expect(timeout).toHaveBeenCalledWith(50);
    });

    it('rejects when S3 never answers', async () => {
      let requests = 0;
      const silent = await listenOnLoopback(() => (requests += 1));
      const client = s3Client(silent);
      const waiting = wait({ s3: client });
      await until(() => requests === 1);
      passDeadline();
      await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
      client.destroy();
      await silent.close();
    });
  });

  it('ends with the signal’s reason, before the first read and during the wait', async () => {
    await expect(wait({ signal: AbortSignal.abort(new Error('gone home')) })).rejects.toThrow('gone home');
    expect(reads).toBe(0);
    const leaving = new AbortController();
    const waiting = wait({ signal: leaving.signal });
    await readsAre(1);
    leaving.abort(new Error('had to go'));
    await expect(waiting).rejects.toThrow('had to go');
  });

  it('ends with S3’s error', async () => {
    await expect(wait({ bucket: 'nobody' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

async function readsAre(least: number): Promise<void> {
  await until(() => reads >= least);
}

describe('an outcome from an event', () => {
  const bus = mockClient(EventBridgeClient);
  const events = new OutcomeEvents(new EventBridgeClient({ region: 'eu-west-2' }), 'bus');

  /** The event as EventBridge hands it on, made by what the function publishes. */
  async function published(
    outcome: UploadOutcome,
    more: { clientId?: string; isTagged?: boolean; versionId?: undefined } = {},
  ) {
    bus.reset();
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    const { clientId, isTagged = true, ...location } = more;
    const signal = new AbortController().signal;
    await events.publish({ location: { ...photoLocation, ...location }, clientId, outcome, isTagged }, signal);
    const [entry] = bus.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries ?? [];
    return {
      version: '0',
      source: entry?.Source,
      'detail-type': entry?.DetailType,
      detail: JSON.parse(entry?.Detail ?? '') as Record<string, unknown>,
    };
  }
  const uploaded: UploadOutcome = { status: 'uploaded', livePhotoId: 'photo-1' };

  it.each([true, false])('is an upload, tagged or not: %s', async (isTagged) => {
    const { bucket, key, versionId, eTag } = photoLocation;
    expect(outcomeFromEvent(await published(uploaded, { clientId: 'client-1', isTagged }))).toEqual({
      ...{ bucket, key, versionId, eTag },
      clientId: 'client-1',
      outcome: { status: 'uploaded', livePhotoId: 'photo-1' },
    });
  });

  it.each(rejectionReasons)('is a rejection with its reason and its detail: %s', async (reason) => {
    const { outcome } = outcomeFromEvent(await published(reject(reason, 'in words')));
    expect(outcome).toEqual({ status: 'rejected', reason, detail: 'in words' });
  });

  it('has no client ID and no version if the event has none', async () => {
    const event = await published(reject('client-id-missing', 'none'), { versionId: undefined });
    const outcome = outcomeFromEvent(event);
    expect(outcome).not.toHaveProperty('clientId');
    expect(outcome).not.toHaveProperty('versionId');
  });

  it.each<[string, unknown]>([
    ['event', 'text'],
    ['event', null],
    ['source', { source: 'aws.s3', 'detail-type': 'Object Created', detail: {} }],
    ['detail', { source: 'complycube.live-photos', 'detail-type': 'Live Photo Uploaded' }],
  ])('is an error for an invalid event, which names the %s', (named, event) => {
    expect(() => outcomeFromEvent(event)).toThrow(UnknownOutcomeError);
    expect(() => outcomeFromEvent(event)).toThrow(named);
  });

  it.each([
    ['bucket', { bucket: undefined }],
    ['key', { key: '' }],
    ['eTag', { eTag: 7 }],
    ['versionId', { versionId: {} }],
    ['clientId', { clientId: null }],
    ['livePhotoId', { livePhotoId: undefined }],
  ])('is an error if the event’s %s is wrong', async (named, changes) => {
    const event = await published(uploaded, { clientId: 'client-1' });
    expect(() => outcomeFromEvent({ ...event, detail: { ...event.detail, ...changes } })).toThrow(
      `The event's ${named} is missing or not a string`,
    );
  });

  it('is an error if the reason or the type is unknown', async () => {
    const event = await published(reject('too-small', 'tiny'));
    const detail = { ...event.detail, reason: 'too-blue' };
    expect(() => outcomeFromEvent({ ...event, detail })).toThrow('update complycube-live-photos');
    expect(() => outcomeFromEvent({ ...event, 'detail-type': 'Live Photo Lost' })).toThrow('detail-type');
  });
});
