import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { validateImage } from '../../../lambda/image';
import { Draws } from '../../../local/chaos/draws';
import { PhotoBytes } from '../../../local/chaos/photo-bytes';
import { drawPlan } from '../../../local/chaos/plan';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('draws', () => {
  it('are the same for the same seed and purpose, and others for others', () => {
    const drawn = (seed: number, purpose: string): number[] => {
      const draws = new Draws(seed, purpose);
      return Array.from({ length: 8 }, () => draws.whole(0, 1_000_000));
    };
    expect(drawn(7, 'photos')).toEqual(drawn(7, 'photos'));
    expect(drawn(7, 'photos')).not.toEqual(drawn(8, 'photos'));
    expect(drawn(7, 'photos')).not.toEqual(drawn(7, 'calls'));
  });

  it('stay within their bounds, and reach both', () => {
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

  it('is another for another seed', () => {
    const other = drawPlan(8, 500);
    expect(other.photos).not.toEqual(plan.photos);
    expect(other.callFaults).not.toEqual(plan.callFaults);
    expect(other.moments).not.toEqual(plan.moments);
  });

  it('begins with the same photos when there are fewer', () => {
    expect(drawPlan(7, 60).photos).toEqual(plan.photos.slice(0, 60));
  });

  it('has every fault of calls that there is', () => {
    const faults = plan.callFaults.map(({ rule }) => ('status' in rule ? `${rule.fault} ${rule.status}` : rule.fault));
    expect([...new Set(faults)].sort()).toEqual([
      'broken-answer',
      'cut-off-answer',
      'hang',
      'html-502',
      'lost-answer',
      'reset-after',
      'reset-before',
      'status 429',
      'status 500',
      'status-after 500',
    ]);
  });

  it('kills processes, rotates the key both ways and has one outage, in the order of the live photos', () => {
    const { moments } = plan;
    const what = moments.map(({ happening }) => happening.what);
    expect(what.filter((name) => name === 'kill').length).toBeGreaterThan(5);
    expect(what.filter((name) => name === 'outage')).toHaveLength(1);
    const rotations = moments.flatMap(({ happening }) => ('isOldRevokedFirst' in happening ? [happening] : []));
    expect(rotations.map(({ isOldRevokedFirst }) => isOldRevokedFirst)).toEqual([false, true]);
    const counts = moments.map(({ afterLivePhotos }) => afterLivePhotos);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
  });

  it('has events that come late, more than once, and after the events of later photos', () => {
    const deliveries = plan.photos.map(({ deliveriesMs }) => deliveriesMs);
    expect(deliveries.some((times) => times.length > 1)).toBe(true);
    expect(deliveries.some((times) => Math.min(...times) > 60_000)).toBe(true);
    expect(deliveries.every((times) => times.length > 0)).toBe(true);
  });

  it('has each way to delete and to overwrite a photo, at each time', () => {
    const planned = plan.photos.flatMap(({ interference }) => (interference ? [interference] : []));
    expect(new Set(planned.map(({ what }) => what)).size).toBe(3);
    expect(new Set(planned.map(({ when }) => when)).size).toBe(3);
    for (const { what, successor } of planned) expect(successor !== undefined).toBe(what === 'overwritten');
  });

  it('has photos that only their bytes tell apart, and photos that nothing does', () => {
    const { photos } = plan;
    const besides = photos.slice(1).map((photo, at) => ({ photo, before: photos[at] }));
    const siblings = besides.filter(({ photo, before }) => photo.clientId === before?.clientId);
    expect(siblings.some(({ photo, before }) => photo.picture === before?.picture)).toBe(true);
    expect(siblings.some(({ photo, before }) => photo.picture !== before?.picture && photo.size === before?.size)).toBe(
      true,
    );
  });
});

describe('the bytes of a planned photo', () => {
  const bytes = new PhotoBytes();
  const photo = { picture: 'one', size: 42_000, isCutOff: false };

  it('are one whole JPEG of the planned size, each picture its own', () => {
    const made = bytes.make(photo);
    expect(made).toHaveLength(42_000);
    expect(validateImage(made)).toBeUndefined();
    expect(sha256(new PhotoBytes().make(photo))).toBe(sha256(made));
    expect(sha256(bytes.make({ ...photo, picture: 'two' }))).not.toBe(sha256(made));
  });

  it('are a damaged image when they are to be cut off', () => {
    expect(validateImage(bytes.make({ ...photo, isCutOff: true }))).toMatchObject({ reason: 'image-damaged' });
  });
});
