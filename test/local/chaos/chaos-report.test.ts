import { describe, expect, it } from '@jest/globals';
import { isEffectivelyOnce, renderProgress, renderResult, renderWorth } from '../../../local/chaos/chaos-report';
import type { ChaosResult } from '../../../local/chaos/chaos-run';

const result: ChaosResult = {
  hasClaims: true,
  photosPut: 10,
  livePhotos: 8,
  duplicates: 0,
  lost: 0,
  wrong: 0,
  erasedWithLivePhoto: 0,
  photoAccount: {
    uploaded: 5,
    sharing: 1,
    untaggable: 1,
    rejected: 1,
    erased: 2,
    deleted: 1,
    deadLettered: 1,
    lost: 0,
  },
  livePhotoAccount: { named: 6, unnamed: 2, duplicates: 0 },
  findings: [],
  deadLettered: 3,
  wronglyDeadLettered: 0,
  malformedLost: 0,
  unfinished: 0,
  calls: { 'POST /livePhotos': { '200': 8, '429': 2, '404': 1, 'no answer': 4 }, 'GET /livePhotos': { '200': 5 } },
  faults: { S3: { SlowDown: 2 } },
  tookMs: 12_345,
};
const plain = (_: string, text: string): string => text;
const coloured = (colour: string, text: string): string => `<${colour}>${text}</${colour}>`;

describe('the report of a chaos run', () => {
  it('has all figures, and the calls by status', () => {
    expect(renderResult(result, plain).split('\n')).toEqual([
      'With claims, 12 s',
      expect.stringMatching(/^ {2}photos put +10 /),
      expect.stringMatching(/^ {4}uploaded +5 /),
      expect.stringMatching(/^ {4}sharing +1 /),
      expect.stringMatching(/^ {4}untaggable +1 /),
      expect.stringMatching(/^ {4}rejected +1 /),
      expect.stringMatching(/^ {4}erased +2 /),
      expect.stringMatching(/^ {4}deleted +1 /),
      expect.stringMatching(/^ {4}dead-lettered +1 /),
      expect.stringMatching(/^ {4}lost +0$/),
      expect.stringMatching(/^ {2}live photos at ComplyCube +8 /),
      expect.stringMatching(/^ {4}named by tags +6$/),
      expect.stringMatching(/^ {4}named by none +2 /),
      expect.stringMatching(/^ {4}duplicates +0$/),
      expect.stringMatching(/^ {2}erased, but with live photo +0$/),
      expect.stringMatching(/^ {2}wrong tags +0 /),
      expect.stringMatching(/^ {2}messages dead-lettered +3 /),
      expect.stringMatching(/^ {4}wrongly +0 /),
      expect.stringMatching(/^ {2}malformed, not dead-lettered +0$/),
      expect.stringMatching(/^ {2}calls spent +20 {2}2.00 a photo$/),
      expect.stringMatching(/^ {4}POST \/livePhotos +15 {2}200 8, 404 1, 429 2, no answer 4$/),
      expect.stringMatching(/^ {4}GET \/livePhotos +5 {2}200 5$/),
      '  S3: SlowDown 2',
    ]);
  });

  it('shows faults in red and lists the first ten', () => {
    const findings = Array.from({ length: 12 }, (_, at) => `duplicate: live photo ${at}`);
    const livePhotoAccount = { ...result.livePhotoAccount, duplicates: 12 };
    const text = renderResult({ ...result, duplicates: 12, livePhotoAccount, findings }, coloured);
    expect(text).toMatch(/<red> {4}duplicates +12<\/red>/);
    expect(text).toMatch(/<green> {4}lost +0<\/green>/);
    expect(text).toContain('duplicate: live photo 9<');
    expect(text).not.toContain('duplicate: live photo 10');
    expect(text).toContain('and 2 more');
  });

  it.each([true, false])('says that a run was stopped early, with claims or without: %s', (hasClaims) => {
    const text = renderResult({ ...result, hasClaims, unfinished: 4 }, coloured);
    expect(text).toContain('<red>  stopped with 4 messages still in the queue</red>');
  });

  it('compares the duplicates with and without claims', () => {
    const without = { ...result, hasClaims: false, duplicates: 232 };
    expect(renderWorth([result, without])).toBe('The same faults make 0 duplicates with claims and 232 without.');
    expect(renderWorth([result])).toBe('');
  });

  it('shows the progress of a run', () => {
    const progress = renderProgress({ photosPut: 3, livePhotos: 2, queued: 1 });
    expect(progress).toBe('3 photos uploaded to S3, 2 live photos, 1 messages in the queue');
  });
});

describe('a run is effectively once', () => {
  it('if nothing is duplicated, lost, wrong, unfinished or wrongly dead-lettered', () => {
    expect(isEffectivelyOnce(result)).toBe(true);
  });

  it.each([
    'duplicates',
    'lost',
    'wrong',
    'erasedWithLivePhoto',
    'unfinished',
    'wronglyDeadLettered',
    'malformedLost',
  ] as const)('but not with one of its %s', (name) => {
    expect(isEffectivelyOnce({ ...result, [name]: 1 })).toBe(false);
  });
});
