import { beforeEach, describe, expect, it } from '@jest/globals';
import { claimKey } from '../../../contract/claim-key';
import { PhotoTracker } from '../../../local/page/photo-tracker';
import type { PhotoProgress } from '../../../page/photo-progress';

const clientId = '5eb1276d96be4a0008713af5';
const location = { bucket: 'photos', key: 'a b.jpg', versionId: 'v1', eTag: 'e1' };

const notificationOf = ({ key, versionId, eTag }: Partial<typeof location> = {}): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventName: 'ObjectCreated:Post',
        eventTime: '2026-11-23T10:00:00.000Z',
        s3: {
          bucket: { name: 'photos' },
          object: { key: key ?? 'a+b.jpg', versionId: versionId ?? 'v1', eTag: eTag ?? 'e1', size: 50_000 },
        },
      },
    ],
  });

describe('the processing steps of a photo', () => {
  let tracker: PhotoTracker;
  let sent: number;
  const send = (): void => {
    sent += 1;
  };
  const latest = (): PhotoProgress | undefined => tracker.recent[0];
  const seen = (): string[] => Object.keys(latest()?.seen ?? {});
  const log = (fields: object): void => {
    tracker.logLine(
      JSON.stringify({
        timestamp: '2026-11-23T10:00:05.000Z',
        key: 'a b.jpg',
        versionId: 'v1',
        receives: 1,
        ...fields,
      }),
    );
  };
  const claim = (): void => tracker.s3Request({ operation: 'PutObject', bucket: 'claims', key: claimKey(location) });

  beforeEach(() => {
    tracker = new PhotoTracker();
    sent = 0;
  });

  it('start with the grant, and contain only the end of the client ID', () => {
    tracker.granted('a b.jpg', clientId);
    expect(seen()).toEqual(['granted']);
    expect(latest()?.client).toBe('…3af5');
    expect(JSON.stringify(tracker.recent)).not.toContain(clientId);
  });

  it('contain what was observed', () => {
    tracker.granted('a b.jpg', clientId);
    tracker.notification(notificationOf(), send);
    expect(latest()).toMatchObject({ bytes: 50_000, seen: { stored: '2026-11-23T10:00:00.000Z' } });
    expect({ seen: seen(), sent }).toEqual({ seen: ['granted', 'stored', 'queued'], sent: 1 });
    claim();
    tracker.livePhoto({ clientId, size: 50_000 });
    expect(seen()).toEqual(['granted', 'stored', 'queued', 'claimed', 'validated', 'uploaded']);
    tracker.s3Request({ operation: 'PutObjectTagging', bucket: 'photos', key: 'a b.jpg' });
    expect(seen().at(-1)).toBe('tagged');
    log({ status: 'uploaded', livePhotoId: 'id' });
    expect(latest()?.outcome).toEqual({ status: 'uploaded', livePhotoId: 'id', isAdopted: false });
  });

  it('contain `queued` only after the message was sent', () => {
    tracker.notification(notificationOf(), () => {
      expect(seen()).toEqual(['stored']);
    });
    expect(seen()).toEqual(['stored', 'queued']);
  });

  it('include photos without a grant', () => {
    tracker.notification(notificationOf(), send);
    expect(latest()).toMatchObject({ key: 'a b.jpg', client: undefined });
    expect(seen()).toEqual(['stored', 'queued']);
  });

  it('distinguish the versions of a key, for example if a grant is used twice', () => {
    tracker.granted('a b.jpg', clientId);
    tracker.notification(notificationOf(), send);
    tracker.notification(notificationOf({ versionId: 'v2', eTag: 'e2' }), send);
    log({ status: 'uploaded', livePhotoId: 'first' });
    expect(tracker.recent.map(({ outcome }) => outcome?.status)).toEqual([undefined, 'uploaded']);
  });

  it('ignore another photo’s claim and live photo', () => {
    tracker.granted('a b.jpg', clientId);
    tracker.notification(notificationOf(), send);
    tracker.s3Request({ operation: 'PutObject', bucket: 'claims', key: claimKey({ ...location, versionId: 'v2' }) });
    tracker.livePhoto({ clientId, size: 50_000 });
    expect(seen()).not.toContain('claimed');
    claim();
    tracker.livePhoto({ clientId, size: 50_001 });
    tracker.livePhoto({ clientId: 'another', size: 50_000 });
    expect(seen()).not.toContain('uploaded');
  });

  it('ignore tags that another program writes before the claim', () => {
    tracker.notification(notificationOf(), send);
    tracker.s3Request({ operation: 'PutObjectTagging', bucket: 'photos', key: 'a b.jpg' });
    expect(seen()).not.toContain('tagged');
  });

  it('include the reason of each retry, without class names of errors', () => {
    tracker.notification(notificationOf(), send);
    log({ error: 'UploadUnknownError: The answer is unknown ← NoAnswerError: The connection broke' });
    expect(latest()?.retries).toEqual([
      { at: '2026-11-23T10:00:05.000Z', why: 'The answer is unknown: The connection broke' },
    ]);
    expect(seen()).not.toContain('validated');
    log({ error: 'RetryLaterError: ComplyCube answered 429', apiCalls: [{ status: 429 }] });
    expect(latest()?.retries).toHaveLength(2);
    expect(seen()).toContain('validated');
  });

  it.each([
    ['image-damaged', [{ status: 200 }], false],
    ['too-small', undefined, false],
    ['client-unknown', [{ status: 404 }], true],
  ])('contain `validated` or not for the rejection %s', (reason, apiCalls, isValidated) => {
    tracker.notification(notificationOf(), send);
    log({ status: 'rejected', reason, detail: 'why', apiCalls });
    expect(latest()?.outcome).toEqual({ status: 'rejected', reason, detail: 'why' });
    expect(seen().includes('validated')).toBe(isValidated);
  });

  it('show that the live photo of a lost answer was found', () => {
    tracker.notification(notificationOf(), send);
    log({ status: 'uploaded', livePhotoId: 'id', reconciled: 'adopted' });
    expect(latest()?.outcome).toMatchObject({ isAdopted: true });
  });

  it('keep the outcome when the event is delivered again', () => {
    tracker.notification(notificationOf(), send);
    log({ status: 'uploaded', livePhotoId: 'id' });
    log({ status: 'skipped', because: 'duplicate' });
    expect(latest()?.outcome?.status).toBe('uploaded');
  });

  it('ignore lines and messages that are not about a photo', () => {
    for (const line of ['', 'null', '7', '(node:1) Warning', '{"message":"S3 sent its test event"}'])
      tracker.logLine(line);
    tracker.notification(JSON.stringify({ Event: 's3:TestEvent' }), send);
    expect({ recent: tracker.recent, sent }).toEqual({ recent: [], sent: 1 });
  });

  it('are reported to subscribers, and kept for the latest 50 photos', () => {
    const reported: string[] = [];
    const stop = tracker.subscribe(({ key }) => reported.push(key));
    for (let number = 1; number <= 60; number++) tracker.granted(`photo ${number}`, clientId);
    stop();
    tracker.granted('unheard', clientId);
    expect(reported).toHaveLength(60);
    expect(tracker.recent.map(({ key }) => key)).toHaveLength(50);
    expect(latest()?.key).toBe('unheard');
  });
});
