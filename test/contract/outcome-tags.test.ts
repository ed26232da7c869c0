import { describe, expect, it } from '@jest/globals';
import { reject } from '../../contract/outcome';
import { hasRoomForOutcome, mergeTags, outcomeOfTags } from '../../contract/outcome-tags';

const othersTags = (count: number): Map<string, string> =>
  new Map(Array.from({ length: count }, (_, at) => [`tag-${at}`, `value ${at}`]));

describe('mergeTags', () => {
  it('adds the tags of an upload to those of others', () => {
    expect(mergeTags(new Map([['team', 'kyc']]), { status: 'uploaded', livePhotoId: 'abc' })).toEqual(
      new Map([
        ['team', 'kyc'],
        ['complycube-status', 'uploaded'],
        ['complycube-live-photo-id', 'abc'],
      ]),
    );
  });

  it('replaces all tags that the pipeline wrote before', () => {
    const current = new Map([
      ['complycube-status', 'uploaded'],
      ['complycube-live-photo-id', 'abc'],
    ]);
    expect(mergeTags(current, reject('too-small', 'tiny'))).toEqual(
      new Map([
        ['complycube-status', 'rejected'],
        ['complycube-rejection', 'too-small'],
      ]),
    );
  });
});

describe('ComplyCube’s message', () => {
  const refused = reject('refused-by-complycube', 'ComplyCube answered 422: No face, it said');

  it('is a third tag, and is read as the detail', () => {
    const tags = mergeTags(othersTags(7), refused);
    expect(tags.size).toBe(10);
    expect(tags.get('complycube-message')).toBe('ComplyCube answered 422: No face=2C it said');
    expect(outcomeOfTags(tags)).toEqual(refused);
  });

  it('is omitted if the other tags leave no room, and the outcome is complete', () => {
    const tags = mergeTags(othersTags(8), refused);
    expect(tags.size).toBe(10);
    expect(outcomeOfTags(tags)).toEqual({ status: 'rejected', reason: 'refused-by-complycube' });
  });

  it('is removed by the next outcome', () => {
    const tags = mergeTags(new Map(), refused);
    expect([...mergeTags(tags, { status: 'uploaded', livePhotoId: 'abc' }).keys()]).not.toContain('complycube-message');
    expect([...mergeTags(tags, reject('too-small', 'tiny')).keys()]).not.toContain('complycube-message');
  });

  it('counts only for a refusal of ComplyCube', () => {
    const tags = mergeTags(new Map(), reject('too-small', 'tiny'));
    expect([...tags.keys()]).toEqual(['complycube-status', 'complycube-rejection']);
    expect(outcomeOfTags(new Map([...tags, ['complycube-message', 'No face']]))).toEqual({
      status: 'rejected',
      reason: 'too-small',
    });
  });
});

describe('hasRoomForOutcome', () => {
  it('counts an outcome as two of ten tags', () => {
    expect(hasRoomForOutcome(othersTags(8))).toBe(true);
    expect(hasRoomForOutcome(othersTags(9))).toBe(false);
  });

  it('does not count the pipeline’s own tags', () => {
    expect(hasRoomForOutcome(othersTags(8).set('complycube-status', 'uploaded'))).toBe(true);
  });
});

describe('outcomeOfTags', () => {
  it('reads what mergeTags wrote', () => {
    const uploaded = { status: 'uploaded', livePhotoId: 'abc' } as const;
    expect(outcomeOfTags(mergeTags(new Map(), uploaded))).toEqual(uploaded);
    expect(outcomeOfTags(mergeTags(new Map(), reject('too-small', 'tiny')))).toMatchObject({
      status: 'rejected',
      reason: 'too-small',
    });
  });

  it.each<Record<string, string>>([
    {},
    { status: 'uploaded' },
    { 'complycube-status': 'something else' },
    { 'complycube-status': 'something else', 'complycube-rejection': 'too-small' },
    { 'complycube-rejection': 'too-small' },
    { 'complycube-status': 'uploaded' },
    { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '' },
    { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'not an ID' },
    { 'complycube-status': 'uploaded', 'complycube-rejection': 'too-small' },
    { 'complycube-status': 'rejected' },
    { 'complycube-status': 'rejected', 'complycube-rejection': '' },
    { 'complycube-status': 'rejected', 'complycube-rejection': 'another reason' },
    { 'complycube-status': 'rejected', 'complycube-rejection': 'toString' },
    { 'complycube-status': 'rejected', 'complycube-live-photo-id': 'abc' },
    { 'complycube-live-photo-id': 'abc' },
  ])('finds no outcome in the tags %j', (tags) => {
    expect(outcomeOfTags(new Map(Object.entries(tags)))).toBeUndefined();
  });
});
