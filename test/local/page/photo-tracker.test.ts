import { beforeEach, describe, expect, it } from '@jest/globals';
import { claimKey } from '../../../contract/claim-key';
import { Travels } from '../../../local/page/photo-tracker';
import type { Travel } from '../../../page/photo-progress';

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

describe('the travels of photos', () => {
  let travels: Travels;
  let sent: number;
  const send = (): void => {
    sent += 1;
  };
  const latest = (): Travel | undefined => travels.recent[0];
  const seen = (): string[] => Object.keys(latest()?.seen ?? {});
  const log = (fields: object): void => {
    travels.logLine(
      JSON.stringify({
        timestamp: '2026-11-23T10:00:05.000Z',
        key: 'a b.jpg',
        versionId: 'v1',
        receives: 1,
        ...fields,
      }),
    );
  };
  const claim = (): void => {
    travels.s3Request({ operation: 'PutObject', bucket: 'claims', key: claimKey(location) });
  };

  beforeEach(() => {
    travels = new Travels();
    sent = 0;
  });

  it('begin with the grant, and show no more of the client’s ID than its end', () => {
    travels.granted('a b.jpg', clientId);
    expect(seen()).toEqual(['granted']);
    expect(latest()?.client).toBe('…3af5');
    expect(JSON.stringify(travels.recent)).not.toContain(clientId);
  });

  it('go on with each thing that was seen, and nothing that was not', () => {
    travels.granted('a b.jpg', clientId);
    travels.notification(notificationOf(), send);
    expect(latest()).toMatchObject({ bytes: 50_000, seen: { stored: '2026-11-23T10:00:00.000Z' } });
    expect({ seen: seen(), sent }).toEqual({ seen: ['granted', 'stored', 'queued'], sent: 1 });
    claim();
    travels.livePhoto({ clientId, size: 50_000 });
    expect(seen()).toEqual(['granted', 'stored', 'queued', 'claimed', 'validated', 'uploaded']);
    travels.s3Request({ operation: 'PutObjectTagging', bucket: 'photos', key: 'a b.jpg' });
    expect(seen().at(-1)).toBe('tagged');
    log({ status: 'uploaded', livePhotoId: 'id' });
    expect(latest()?.outcome).toEqual({ status: 'uploaded', livePhotoId: 'id', isAdopted: false });
  });

  it('are not queued before the message is sent', () => {
    travels.notification(notificationOf(), () => {
      expect(seen()).toEqual(['stored']);
    });
    expect(seen()).toEqual(['stored', 'queued']);
  });

  it('take a photo that was not granted here for what it is', () => {
    travels.notification(notificationOf(), send);
    expect(latest()).toMatchObject({ key: 'a b.jpg', client: undefined });
    expect(seen()).toEqual(['stored', 'queued']);
  });

  it('keep the versions of a key apart, as when a grant is used twice', () => {
    travels.granted('a b.jpg', clientId);
    travels.notification(notificationOf(), send);
    travels.notification(notificationOf({ versionId: 'v2', eTag: 'e2' }), send);
    log({ status: 'uploaded', livePhotoId: 'first' });
    expect(travels.recent.map(({ outcome }) => outcome?.status)).toEqual([undefined, 'uploaded']);
  });

  it('are not claimed by another photo’s claim, nor uploaded by another’s live photo', () => {
    travels.granted('a b.jpg', clientId);
    travels.notification(notificationOf(), send);
    travels.s3Request({ operation: 'PutObject', bucket: 'claims', key: claimKey({ ...location, versionId: 'v2' }) });
    travels.livePhoto({ clientId, size: 50_000 });
    expect(seen()).not.toContain('claimed');
    claim();
    travels.livePhoto({ clientId, size: 50_001 });
    travels.livePhoto({ clientId: 'another', size: 50_000 });
    expect(seen()).not.toContain('uploaded');
  });

  it('are not tagged by what another program tags before the claim', () => {
    travels.notification(notificationOf(), send);
    travels.s3Request({ operation: 'PutObjectTagging', bucket: 'photos', key: 'a b.jpg' });
    expect(seen()).not.toContain('tagged');
  });

  it('tell why a photo is tried again, in words without the names of errors', () => {
    travels.notification(notificationOf(), send);
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
  ])('tell whether a photo that is rejected as %s was validated', (reason, apiCalls, isValidated) => {
    travels.notification(notificationOf(), send);
    log({ status: 'rejected', reason, detail: 'why', apiCalls });
    expect(latest()?.outcome).toEqual({ status: 'rejected', reason, detail: 'why' });
    expect(seen().includes('validated')).toBe(isValidated);
  });

  it('tell that the live photo of a lost answer was found', () => {
    travels.notification(notificationOf(), send);
    log({ status: 'uploaded', livePhotoId: 'id', reconciled: 'adopted' });
    expect(latest()?.outcome).toMatchObject({ isAdopted: true });
  });

  it('stay as they ended when the event comes again', () => {
    travels.notification(notificationOf(), send);
    log({ status: 'uploaded', livePhotoId: 'id' });
    log({ status: 'skipped', because: 'duplicate' });
    expect(latest()?.outcome?.status).toBe('uploaded');
  });

  it('pass over lines and messages that are of no photo', () => {
    for (const line of ['', 'null', '7', '(node:1) Warning', '{"message":"S3 sent its test event"}'])
      travels.logLine(line);
    travels.notification(JSON.stringify({ Event: 's3:TestEvent' }), send);
    expect({ recent: travels.recent, sent }).toEqual({ recent: [], sent: 1 });
  });

  it('are told as they change, until nobody listens, and the oldest are forgotten', () => {
    const told: string[] = [];
    const stop = travels.subscribe(({ key }) => told.push(key));
    for (let number = 1; number <= 60; number++) travels.granted(`photo ${number}`, clientId);
    stop();
    travels.granted('unheard', clientId);
    expect(told).toHaveLength(60);
    expect(travels.recent.map(({ key }) => key)).toHaveLength(50);
    expect(latest()?.key).toBe('unheard');
  });
});
