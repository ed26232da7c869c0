import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { deadLetterReasonCodes, isErasureReasonCode } from '../../../../contract/dead-letter-reasons';
import { validateImage } from '../../../../contract/image/image';
import { Draws } from '../../../../local/chaos/plan/draws';
import { PhotoBytes } from '../../../../local/chaos/world/photo-bytes';
import { drawPlan, planWithoutClaims } from '../../../../local/chaos/plan/plan';
import type { SpecialCase } from '../../../../local/chaos/plan/special-cases';
import type { FaultRule } from 'complycube-stand-in/faults';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('draws', () => {
  it('depend only on seed and purpose', () => {
    const drawn = (seed: number, purpose: string): number[] => {
      const draws = new Draws(seed, purpose);
      return Array.from({ length: 8 }, () => draws.whole(0, 1_000_000));
    };
    expect(drawn(7, 'photos')).toEqual(drawn(7, 'photos'));
    expect(drawn(7, 'photos')).not.toEqual(drawn(8, 'photos'));
    expect(drawn(7, 'photos')).not.toEqual(drawn(7, 'calls'));
  });

  it('stay within their bounds and reach both', () => {
    const draws = new Draws(1, 'bounds');
    const drawn = new Set(Array.from({ length: 200 }, () => draws.whole(3, 5)));
    expect([...drawn].sort()).toEqual([3, 4, 5]);
  });
});

describe('a plan', () => {
  const plan = drawPlan(7, 500);

  it('is the same for the same seed', () => {
    expect(drawPlan(7, 500)).toEqual(plan);
  });

  it('differs for another seed', () => {
    const other = drawPlan(8, 500);
    expect(other.photos).not.toEqual(plan.photos);
    expect(other.callFaults).not.toEqual(plan.callFaults);
    expect(other.moments).not.toEqual(plan.moments);
  });

  it('without claims leaves out only the photos that would be retried for days, because nothing counts their refusals', () => {
    const without = planWithoutClaims(plan);
    const leftOut = plan.photos.filter((photo) => !without.photos.includes(photo)).map(({ special }) => special);
    expect(new Set(leftOut.map((special) => special?.what))).toEqual(new Set(['client unknown', 'refused']));
    const refusalsOf = (specials: readonly (SpecialCase | undefined)[]) =>
      new Set(specials.flatMap((special) => (special?.what === 'refused' ? [special.refusal] : [])));
    expect(refusalsOf(leftOut)).toEqual(new Set(['conflict', 'media type', 'nothing named']));
    expect(refusalsOf(without.photos.map(({ special }) => special))).toEqual(
      new Set(['request too large', 'photo not live', 'photo malformed']),
    );
    expect(without).toEqual({ ...plan, photos: without.photos });
  });

  it('starts with the same photos for a smaller number', () => {
    expect(drawPlan(7, 60).photos).toEqual(plan.photos.slice(0, 60));
  });

  it('has every kind of fault of calls', () => {
    const names = ({ fault, status, retryAfter }: FaultRule): string =>
      [fault, status, retryAfter].filter((part) => part !== undefined).join(' ');
    const drawn = new Set([7, 8, 9].flatMap((seed) => drawPlan(seed, 500).callFaults.map(({ rule }) => names(rule))));
    expect([...drawn].sort()).toEqual([
      ...['broken-answer', 'cut-off-answer', 'extra-answer', 'hang', 'html-502', 'lost-answer', 'other-client-id'],
      ...['other-clients-items', 'other-size', 'reset-after', 'reset-before', 'status 400', 'status 402', 'status 403'],
      ...['status 404', 'status 405', 'status 408', 'status 409', 'status 415', 'status 425', 'status 429'],
      ...['status 429 0', 'status 429 1', 'status 429 36000', 'status 429 45'],
      ...['status 429 Wed, 21 Oct 2015 07:28:00 GMT', 'status 451', 'status 500', 'status 503 1'],
      ...['status-after 500', 'status-after 504', 'switching-protocols'],
    ]);
  });

  it('has too few refusals per client to reject its photo', () => {
    const counts = new Map<string, number>();
    for (const { clientId, rule } of drawPlan(7, 5_000).callFaults) {
      const isCounted = [400, 404, 405, 409, 415, 451].includes(rule.status ?? 0);
      if (isCounted) counts.set(clientId, (counts.get(clientId) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThan(5);
  });

  it('kills processes, rotates the key both ways, and has one outage and one due payment, in order', () => {
    const { moments } = plan;
    const what = moments.map(({ runEvent }) => runEvent.what);
    expect(what.filter((name) => name === 'kill').length).toBeGreaterThan(5);
    expect(what.filter((name) => name === 'outage')).toHaveLength(1);
    expect(what.filter((name) => name === 'payment due')).toHaveLength(1);
    const rotations = moments.flatMap(({ runEvent }) => ('isOldRevokedFirst' in runEvent ? [runEvent] : []));
    expect(rotations.map(({ isOldRevokedFirst }) => isOldRevokedFirst)).toEqual([false, true]);
    const counts = moments.map(({ afterLivePhotos }) => afterLivePhotos);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
  });

  it('has events that are late, repeated, and later than the events of later photos', () => {
    const deliveries = plan.photos.map(({ deliveriesMs }) => deliveriesMs);
    expect(deliveries.some((times) => times.length > 1)).toBe(true);
    expect(deliveries.some((times) => Math.min(...times) > 60_000)).toBe(true);
    expect(deliveries.every((times) => times.length > 0)).toBe(true);
  });

  it('deletes, overwrites and copies photos at all times', () => {
    const planned = plan.photos.flatMap(({ interference }) => (interference ? [interference] : []));
    expect(new Set(planned.map(({ what }) => what)).size).toBe(4);
    expect(new Set(planned.map(({ when }) => when)).size).toBe(3);
    for (const { what, successor } of planned) {
      expect(successor !== undefined).toBe(what === 'overwritten' || what === 'copied');
    }
  });

  it('has every special case, with separate clients and bytes', () => {
    const special = plan.photos.flatMap((photo) => (photo.special === undefined ? [] : [photo]));
    expect(new Set(special.map((photo) => photo.special?.what)).size).toBe(6);
    for (const { key, clientId, picture, interference, isCutOff } of special) {
      expect([interference, isCutOff]).toEqual([undefined, false]);
      const others = plan.photos.filter((photo) => photo.key !== key);
      expect(others.some((other) => other.clientId === clientId || other.picture === picture)).toBe(false);
    }
  });

  it('has photos of the smallest and the largest size, and enough large ones', () => {
    const sizes = plan.photos.map(({ size }) => size);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([34_000, 4_194_304]);
    expect(sizes.filter((size) => size >= 256 * 1024).length).toBeGreaterThan(5);
  });

  it('has events of every form and malformed messages for every reason', () => {
    const shapes = plan.photos.map(({ eventShape }) => eventShape);
    expect(new Set(shapes.map(({ what }) => what)).size).toBe(5);
    const reasons = shapes.flatMap((shape) => ('reason' in shape ? [shape.reason] : []));
    const all = new Set([...reasons, ...plan.malformedMessages.map(({ reason }) => reason)]);
    const reasonsOfEvents = Object.keys(deadLetterReasonCodes).filter((reason) => !isErasureReasonCode(reason));
    expect([...all].sort()).toEqual(reasonsOfEvents.sort());
  });

  it('has photos that differ only in bytes, only in the client, and not at all', () => {
    const { photos } = plan;
    const besides = photos.slice(1).map((photo, at) => ({ photo, before: photos[at] }));
    const siblings = besides.filter(({ photo, before }) => photo.clientId === before?.clientId);
    expect(siblings.some(({ photo, before }) => photo.picture === before?.picture)).toBe(true);
    expect(siblings.some(({ photo, before }) => photo.picture !== before?.picture && photo.size === before?.size)).toBe(
      true,
    );
    expect(
      besides.some(({ photo, before }) => photo.picture === before?.picture && photo.clientId !== before.clientId),
    ).toBe(true);
  });
});

describe('the bytes of a planned photo', () => {
  const bytes = new PhotoBytes();
  const photo = { picture: 'one', size: 42_000, isCutOff: false };

  it('are a complete JPEG of the planned size, different for each picture', () => {
    const made = bytes.make(photo);
    expect(made).toHaveLength(42_000);
    expect(validateImage(made, crc32)).toBeUndefined();
    expect(sha256(new PhotoBytes().make(photo))).toBe(sha256(made));
    expect(sha256(bytes.make({ ...photo, picture: 'two' }))).not.toBe(sha256(made));
  });

  it.each([42_000, 300_000])('are a damaged image of %d bytes if cut off', (size) => {
    expect(validateImage(bytes.make({ ...photo, size, isCutOff: true }), crc32)).toMatchObject({
      reason: 'image-damaged',
    });
  });

  it.each([34_000, 4_194_304])('can be %d', (size) => {
    const made = bytes.make({ ...photo, size });
    expect(made).toHaveLength(size);
    expect(validateImage(made, crc32)).toBeUndefined();
  });
});
