import { GetObjectCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { toIso } from '../../contract/claim-record';
import { photoLocation, s3Body, s3Record } from './fixtures/events';
import { fakeTime, never, settled } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  claimExists,
  claimsBucket,
  complyCube,
  invokeOne,
  jpeg,
  livePhotoId,
  photoIs,
  photoLines,
  published,
  retried,
  s3,
  tagsAre,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

const minute = 60_000;
const hour = 60 * minute;
const rejectedTags = (reason: string) => ({ 'complycube-status': 'rejected', 'complycube-rejection': reason });
const refusedTags = {
  ...rejectedTags('refused-by-complycube'),
  'complycube-message': expect.stringMatching(/^ComplyCube answered 4\d\d(: [\w ]+)?$/) as unknown,
};
const acceptedReply: Reply = { status: 200, body: { id: livePhotoId } };
const refusedReply: Reply = { status: 409, body: { message: 'Conflict' } };
const unknownClientReply: Reply = { status: 404, body: { message: 'Invalid client id' } };

/** Each test has a separate month, because an environment remembers when ComplyCube last accepted a photo. */
let startMs = Date.UTC(2027, 0, 1);
beforeEach(() => {
  startMs += 30 * 24 * hour;
});

/** Sets ComplyCube's answer to uploads. Its list of live photos is empty. */
const uploadsAre = (reply: Reply) => {
  complyCube.replyWith((response) => {
    if (typeof reply === 'function') {
      reply(response);
      return;
    }
    const isUpload = response.req.method === 'POST';
    response.writeHead(isUpload ? reply.status : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify((isUpload ? reply.body : { pages: 0, items: [] }) ?? {}));
  });
};

/** Delivers the photo some time after the test's start. */
const deliverAt = (afterMs: number, reply: Reply, body = s3Body()) => {
  fakeTime(startMs + afterMs);
  uploadsAre(reply);
  return invokeOne(body, 2);
};

/** This environment uploads another photo some time after the test's start. */
const acceptAnotherAt = async (afterMs: number) => {
  const another = s3Body(s3Record({ key: `accepted after ${afterMs}` }));
  await expect(deliverAt(afterMs, acceptedReply, another)).resolves.toEqual(acknowledged);
};

/** Another environment noted that ComplyCube accepted a photo. */
const notedAt = (afterMs: number) => claimsBucket.set('accepted/latest.json', { acceptedAt: toIso(startMs + afterMs) });

/** The tags written on the refused photo, not on the accepted ones. */
const ownTags = () => writtenTags().filter((tags) => tags['complycube-live-photo-id'] !== livePhotoId);
const metricsOf = (name: string) => photoLines().map((line) => line[name]);

describe('a photo that ComplyCube refuses without blaming the photo or the client', () => {
  it.each<[string, Reply]>([
    ['409', refusedReply],
    ['400 without a param', { status: 400 }],
    ['404 that names no client', { status: 404 }],
  ])('is rejected after an hour, if it was refused at least five times: %s', async (_, reply) => {
    await expect(deliverAt(0, reply)).resolves.toEqual(retried);
    await acceptAnotherAt(5 * minute);
    for (const afterMs of [10 * minute, 20 * minute, 30 * minute, 40 * minute, hour - 1]) {
      await expect(deliverAt(afterMs, reply)).resolves.toEqual(retried);
    }
    expect(ownTags()).toEqual([]);
    await expect(deliverAt(hour, reply)).resolves.toEqual(acknowledged);
    expect(ownTags()).toEqual([refusedTags]);
    expect(published().at(-1)).toMatchObject({
      reason: 'refused-by-complycube',
      detail: expect.stringContaining('ComplyCube answered 4') as unknown,
    });
  });

  it('is rejected at the fifth refusal, even hours later', async () => {
    await deliverAt(0, refusedReply);
    await acceptAnotherAt(5 * minute);
    for (const afterMs of [2 * hour, 4 * hour, 6 * hour]) {
      await expect(deliverAt(afterMs, refusedReply)).resolves.toEqual(retried);
    }
    await expect(deliverAt(8 * hour, refusedReply)).resolves.toEqual(acknowledged);
  });

  it('is rejected as soon although the clock of this environment is behind S3’s', async () => {
    const eventTime = toIso(startMs + minute);
    const body = s3Body(s3Record({}, { eventTime }));
    await deliverAt(0, refusedReply, body);
    await acceptAnotherAt(5 * minute);
    for (const afterMs of [10 * minute, 20 * minute, 30 * minute]) await deliverAt(afterMs, refusedReply, body);
    await expect(deliverAt(hour, refusedReply, body)).resolves.toEqual(acknowledged);
    expect(ownTags()).toEqual([refusedTags]);
  });

  it('has its refusals counted in its claim, which says that nothing was uploaded', async () => {
    await deliverAt(0, refusedReply);
    await deliverAt(10 * minute, { status: 415 });
    expect(claim()).toMatchObject({
      attempt: 2,
      maybeUploaded: false,
      refusals: { refused: { count: 2, firstAt: toIso(startMs), lastAt: toIso(startMs + 10 * minute) } },
    });
    expect(Date.parse(claim()?.leaseUntil ?? '')).toBeLessThanOrEqual(startMs + 9 * minute);
  });

  it('is uploaded again without a search for a live photo', async () => {
    await deliverAt(0, refusedReply);
    await expect(deliverAt(10 * minute, acceptedReply)).resolves.toEqual(acknowledged);
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['429', () => deliverAt(30 * minute, { status: 429 })],
    ['402', () => deliverAt(30 * minute, { status: 402 })],
    ['500', () => deliverAt(30 * minute, { status: 500 })],
    ['a reset', () => deliverAt(30 * minute, (response) => response.destroy())],
    ['an unknown client', () => deliverAt(30 * minute, unknownClientReply)],
    [
      'S3 failing',
      async () => {
        s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown'));
        const answer = await deliverAt(30 * minute, refusedReply);
        photoIs(jpeg);
        return answer;
      },
    ],
  ])('is rejected neither earlier nor later because of other failures: %s', async (_, fail) => {
    for (const afterMs of [0, 10 * minute, 20 * minute]) await deliverAt(afterMs, refusedReply);
    await acceptAnotherAt(25 * minute);
    await expect(fail()).resolves.toEqual(retried);
    await expect(deliverAt(hour, refusedReply)).resolves.toEqual(retried);
    expect(claim()?.refusals?.refused).toMatchObject({ count: 4 });
    await expect(deliverAt(2 * hour, refusedReply)).resolves.toEqual(acknowledged);
  });

  it('is searched at ComplyCube after an unknown outcome, even if refusals were counted', async () => {
    await deliverAt(0, refusedReply);
    await deliverAt(10 * minute, { status: 500 });
    expect(claim()).not.toHaveProperty('maybeUploaded');
    expect(claim()?.refusals?.refused).toMatchObject({ count: 1 });
    await deliverAt(20 * minute, refusedReply);
    await deliverAt(30 * minute, refusedReply);
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'POST', 'GET', 'POST']);
    expect(claim()).not.toHaveProperty('maybeUploaded');
  });

  it('is retried, not rejected, if the counts could not be stored', async () => {
    await deliverAt(0, refusedReply);
    await acceptAnotherAt(minute);
    for (const afterMs of [10 * minute, 20 * minute, 30 * minute]) await deliverAt(afterMs, refusedReply);
    s3.on(PutObjectCommand, { Bucket: 'claims' }).rejects(s3Failure(503, 'SlowDown'));
    await expect(deliverAt(2 * hour, refusedReply)).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(5);
  });
});

describe('a photo with enough refusals is retried until ComplyCube accepts another photo', () => {
  /** Five refusals within two hours. */
  const refuseFiveTimes = async () => {
    for (const afterMs of [0, 30 * minute, hour, 90 * minute, 2 * hour]) {
      await expect(deliverAt(afterMs, refusedReply)).resolves.toEqual(retried);
    }
  };
  const nextRefusal = () => deliverAt(3 * hour, refusedReply);

  it('when no photo is accepted, it is still retried after days', async () => {
    await refuseFiveTimes();
    for (let more = 3; more < 90; more += 10) {
      await expect(deliverAt(more * hour, refusedReply)).resolves.toEqual(retried);
    }
    expect(ownTags()).toEqual([]);
  });

  it('when this environment uploads another, it is rejected', async () => {
    await refuseFiveTimes();
    await acceptAnotherAt(2 * hour + minute);
    await expect(nextRefusal()).resolves.toEqual(acknowledged);
    expect(ownTags()).toEqual([refusedTags]);
  });

  it('when this environment uploads another but can’t store the note, it is rejected', async () => {
    await refuseFiveTimes();
    s3.on(PutObjectCommand, { Bucket: 'claims', Key: 'accepted/latest.json' }).rejects(s3Failure(503, 'SlowDown'));
    await acceptAnotherAt(2 * hour + minute);
    await expect(nextRefusal()).resolves.toEqual(acknowledged);
  });

  it('when another environment noted that it uploaded another, it is rejected', async () => {
    await refuseFiveTimes();
    notedAt(minute + 1);
    await expect(nextRefusal()).resolves.toEqual(acknowledged);
  });

  it.each<[string, () => void]>([
    ['before the first refusal', () => notedAt(-minute)],
    ['within the clock skew of the first refusal', () => notedAt(minute)],
    [
      'and S3 fails',
      () => {
        notedAt(hour);
        s3.on(GetObjectCommand, { Bucket: 'claims', Key: 'accepted/latest.json' }).rejects(s3Failure(503, 'SlowDown'));
      },
    ],
  ])('when another was accepted %s, it is retried', async (_, arrange) => {
    await acceptAnotherAt(-2 * hour);
    await refuseFiveTimes();
    arrange();
    await expect(nextRefusal()).resolves.toEqual(retried);
  });

  it('when S3 never answers whether another was accepted, it is retried', async () => {
    await refuseFiveTimes();
    s3.on(GetObjectCommand, { Bucket: 'claims', Key: 'accepted/latest.json' }).callsFake(never);
    const { value, tookMs } = await settled(nextRefusal(), 60_000);
    expect(value).toEqual(retried);
    expect(tookMs).toBe(5_000);
    expect(claim()?.refusals?.refused).toMatchObject({ count: 6 });
  });
});

describe('an accepted photo', () => {
  it('is noted even if it can’t be tagged, and a rejected one is not', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(deliverAt(0, { status: 422 })).resolves.toEqual(retried);
    expect(claimsBucket.record('accepted/latest.json')).toBeUndefined();
    await expect(deliverAt(hour, acceptedReply)).resolves.toEqual(retried);
    expect(claimsBucket.record('accepted/latest.json')).toEqual({ acceptedAt: toIso(startMs + hour) });
  });
});

describe('a photo whose client ComplyCube does not know', () => {
  it.each<[string, Reply]>([
    ['404', unknownClientReply],
    ['400', { status: 400, body: { param: 'clientId', message: 'The client does not exist' } }],
  ])('is rejected after five minutes, if ComplyCube said so at least five times: %s', async (_, reply) => {
    for (const afterMs of [0, minute, 2 * minute, 3 * minute, 4 * minute, 5 * minute - 1]) {
      await expect(deliverAt(afterMs, reply)).resolves.toEqual(retried);
    }
    expect(photoLines().at(-1)).toMatchObject({ errorCode: 'client-unknown' });
    await expect(deliverAt(5 * minute, reply)).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([rejectedTags('client-unknown')]);
  });

  it('is rejected at the fifth such answer, even hours later', async () => {
    for (const afterMs of [0, hour, 2 * hour, 3 * hour]) {
      await expect(deliverAt(afterMs, unknownClientReply)).resolves.toEqual(retried);
    }
    await expect(deliverAt(4 * hour, unknownClientReply)).resolves.toEqual(acknowledged);
  });

  it('is not rejected because of other failures', async () => {
    for (let failure = 0; failure < 6; failure++) await deliverAt(failure * hour, { status: 429 });
    await expect(deliverAt(6 * hour, unknownClientReply)).resolves.toEqual(retried);
    expect(claim()?.refusals).toEqual({
      'client-unknown': { count: 1, firstAt: toIso(startMs + 6 * hour), lastAt: toIso(startMs + 6 * hour) },
    });
  });

  it('is uploaded when the client exists', async () => {
    for (const afterMs of [0, hour, 2 * hour, 3 * hour]) await deliverAt(afterMs, unknownClientReply);
    await expect(deliverAt(4 * hour, acceptedReply)).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'uploaded', 'complycube-live-photo-id': livePhotoId }]);
  });

  it('is counted separately from other refusals', async () => {
    await acceptAnotherAt(-hour);
    for (let round = 0; round < 4; round++) {
      await expect(deliverAt(2 * round * hour, unknownClientReply)).resolves.toEqual(retried);
      await expect(deliverAt((2 * round + 1) * hour, refusedReply)).resolves.toEqual(retried);
    }
    expect(claim()?.refusals).toMatchObject({ 'client-unknown': { count: 4 }, refused: { count: 4 } });
  });
});

describe('counts of refusals are deleted with the photo’s outcome', () => {
  const retract = (afterMs: number, reason: string) =>
    deliverAt(afterMs, unknownClientReply, s3Body(s3Record({}, { complycubeRetractedRejection: reason })));

  it('so that a photo with a retracted rejection starts at zero', async () => {
    for (const afterMs of [0, hour, 2 * hour, 3 * hour, 4 * hour]) await deliverAt(afterMs, unknownClientReply);
    expect(writtenTags()).toEqual([rejectedTags('client-unknown')]);
    expect(claim()).toBeUndefined();
    tagsAre(rejectedTags('client-unknown'));
    for (const afterMs of [5 * hour, 6 * hour, 7 * hour, 8 * hour]) {
      await expect(retract(afterMs, 'client-unknown')).resolves.toEqual(retried);
    }
    await expect(retract(9 * hour, 'client-unknown')).resolves.toEqual(acknowledged);
  });

  it('even if the claim could not be changed after the rejection', async () => {
    for (const afterMs of [0, hour, 2 * hour, 3 * hour, 4 * hour]) await deliverAt(afterMs, unknownClientReply);
    expect(writtenTags()).toEqual([rejectedTags('client-unknown')]);
    const at = (afterMs: number): string => toIso(startMs + afterMs);
    const old = { count: 4, firstAt: at(0), lastAt: at(3 * hour) };
    claimExists(-hour, { maybeUploaded: false, refusals: { 'client-unknown': old } });
    tagsAre(rejectedTags('client-unknown'));
    const body = s3Body(s3Record({}, { eventTime: at(5 * hour), complycubeRetractedRejection: 'client-unknown' }));
    await expect(deliverAt(6 * hour, unknownClientReply, body)).resolves.toEqual(retried);
    expect(claim()?.refusals).toMatchObject({ 'client-unknown': { count: 1 } });
  });

  it('even if the claim is kept because an earlier attempt may have uploaded the photo', async () => {
    await deliverAt(0, { status: 500 });
    for (const afterMs of [hour, 2 * hour, 3 * hour, 4 * hour, 5 * hour]) await deliverAt(afterMs, unknownClientReply);
    expect(writtenTags()).toEqual([rejectedTags('client-unknown')]);
    expect(claim()).toMatchObject({ refusals: {} });
  });

  it('even if the photo is rejected for another reason', async () => {
    for (const afterMs of [0, hour, 2 * hour, 3 * hour]) await deliverAt(afterMs, refusedReply);
    await expect(deliverAt(4 * hour, { status: 422 })).resolves.toEqual(acknowledged);
    expect(claim()).toBeUndefined();
  });
});

describe('the metric PhotosRefused', () => {
  it('counts a photo once in a quarter of an hour', async () => {
    for (const afterMs of [0, 15 * minute - 1, 30 * minute]) await deliverAt(afterMs, refusedReply);
    expect(metricsOf('PhotosRefused')).toEqual([1, undefined, 1]);
  });

  it('counts neither unknown clients nor account faults nor rejections', async () => {
    await deliverAt(0, unknownClientReply);
    await deliverAt(hour, { status: 403 });
    await deliverAt(2 * hour, { status: 429 });
    await deliverAt(3 * hour, { status: 422 });
    expect(metricsOf('PhotosRefused')).toEqual([undefined, undefined, undefined, undefined]);
  });
});
