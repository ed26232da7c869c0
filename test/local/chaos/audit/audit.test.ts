import { describe, expect, it } from '@jest/globals';
import { audit } from '../../../../local/chaos/audit/audit';
import type { AuditedLivePhoto, AuditedPhoto, PublishedOutcome } from '../../../../local/chaos/audit/audited-photo';

const uploaded = (id: string, more: Record<string, string> = {}): ReadonlyMap<string, string> =>
  new Map(Object.entries({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': id, ...more }));
const rejected = (reason: string): ReadonlyMap<string, string> =>
  new Map(Object.entries({ 'complycube-status': 'rejected', 'complycube-rejection': reason }));
const untagged: ReadonlyMap<string, string> = new Map<string, string>();

/** What the function publishes with these tags. */
const publishedWith = (tags: ReadonlyMap<string, string> | undefined): PublishedOutcome[] => {
  const outcome = { livePhotoId: tags?.get('complycube-live-photo-id'), reason: tags?.get('complycube-rejection') };
  return tags?.has('complycube-status') === true ? [{ isTagged: true, ...outcome }] : [];
};
const photo = (key: string, more: Partial<AuditedPhoto> = {}): AuditedPhoto => {
  const { tags } = { tags: uploaded(`live-${key}`), ...more };
  return {
    key,
    versionId: `${key}-version`,
    clientId: 'client',
    sha256: `bytes of ${key}`,
    expected: 'uploaded',
    othersTags: {},
    tags,
    published: publishedWith(tags),
    isDeadLettered: false,
    ...more,
  };
};
/** Eight tags of others leave room for an outcome; nine do not. */
const manyTags = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`scan-${at}`, 'clean']));
const full = { othersTags: manyTags(9), tags: new Map(Object.entries(manyTags(9))) };
const livePhoto = (key: string, id = `live-${key}`): AuditedLivePhoto => ({
  id,
  clientId: 'client',
  sha256: `bytes of ${key}`,
  createdAt: `the time of ${id}`,
});
const faults = ({ duplicates, lost, wrong }: ReturnType<typeof audit>) => ({ duplicates, lost, wrong });
const none = { duplicates: 0, lost: 0, wrong: 0 };

describe('an audit', () => {
  it('finds nothing if every photo has one live photo', () => {
    const found = audit([photo('a'), photo('b')], [livePhoto('a'), livePhoto('b')]);
    expect(faults(found)).toEqual(none);
    expect(found.findings).toEqual([]);
  });

  it('finds a second live photo, but not the one in the outcome', () => {
    const found = audit([photo('a')], [livePhoto('a', 'live-surplus'), livePhoto('a')]);
    expect(faults(found)).toEqual({ ...none, duplicates: 1 });
    const both = 'live-surplus of the time of live-surplus, live-a of the time of live-a';
    expect(found.findings).toEqual([`duplicate: ${both} for a`]);
  });

  it.each([
    ['a photo that was to be rejected', photo('a', { expected: 'image-damaged', tags: rejected('image-damaged') })],
    ['another client', photo('a', { clientId: 'somebody else', tags: undefined })],
  ])('finds a live photo of %s', (_, put) => {
    expect(faults(audit([put], [livePhoto('a')]))).toEqual({ ...none, duplicates: 1 });
  });

  it.each([
    ['without an outcome', untagged, 'no outcome'],
    ['whose live photo ComplyCube does not have', uploaded('live-gone'), 'there is no live photo live-gone'],
    ['whose tags name none', new Map([['complycube-status', 'uploaded']]), 'the tags show no whole outcome'],
  ])('finds a lost photo: one %s', (_, tags, why) => {
    const found = audit([photo('a', { tags })], []);
    expect(faults(found)).toEqual({ ...none, lost: 1 });
    expect(found.findings).toEqual([`lost: a a-version: ${why}`]);
  });

  it.each([
    ['another photo’s live photo', photo('a', { tags: uploaded('live-b') }), 'live photo live-b is of another'],
    ['a rejection of a photo in order', photo('a', { tags: rejected('too-small') }), 'too-small instead of uploaded'],
    [
      'an upload of a photo at fault',
      photo('a', { expected: 'image-damaged', sha256: 'bytes of b', tags: uploaded('live-b') }),
      'uploaded instead of image-damaged',
    ],
    [
      'a wrong reason',
      photo('a', { expected: 'image-damaged', tags: rejected('too-small') }),
      'too-small instead of image-damaged',
    ],
    ['a tag of others gone', photo('a', { othersTags: { team: 'renewals' } }), 'the tag team of others is gone'],
    ['a tag of nobody’s', photo('a', { tags: uploaded('live-a', { odd: '1' }) }), 'the tag odd does not belong there'],
    [
      'two outcomes',
      photo('a', { tags: uploaded('live-a', { 'complycube-rejection': 'too-small' }) }),
      'the tag complycube-rejection does not belong there',
    ],
    [
      'a message of ComplyCube about another rejection',
      photo('a', {
        expected: 'too-small',
        tags: new Map([...rejected('too-small'), ['complycube-message', 'No face']]),
      }),
      'the tag complycube-message does not belong there',
    ],
    ['an outcome without an event', photo('a', { published: [] }), 'its outcome was not published'],
    [
      'an event of another outcome',
      photo('a', { published: [{ isTagged: true, livePhotoId: 'live-b' }] }),
      'its outcome was not published',
    ],
    [
      'an outcome that only an event has',
      photo('a', { ...full, published: [{ isTagged: false, reason: 'tag-limit-reached' }] }),
      'tag-limit-reached instead of uploaded',
    ],
  ])('finds wrong tags: %s', (_, put, why) => {
    const found = audit([put, photo('b')], [livePhoto('a'), livePhoto('b')]);
    expect(found.wrong).toBe(1);
    expect(found.findings.filter((finding) => finding.startsWith('wrong: a a-version: '))).toHaveLength(1);
    expect(found.findings.join()).toContain(why);
  });

  it('uses the event as the outcome of a photo without room for tags', () => {
    const uploadedOnly = photo('a', { ...full, published: [{ isTagged: false, livePhotoId: 'live-a' }] });
    const limit = { ...full, expected: 'tag-limit-reached' as const };
    const refused = photo('b', { ...limit, published: [{ isTagged: false, reason: 'tag-limit-reached' }] });
    const found = audit([uploadedOnly, refused], [livePhoto('a')]);
    expect(faults(found)).toEqual(none);
    expect(found.photoAccount).toMatchObject({ untaggable: 2, lost: 0 });
    expect(found.livePhotoAccount).toEqual({ named: 1, unnamed: 0, duplicates: 0 });
  });

  it.each([
    ['without an event', photo('a', { ...full, published: [] }), 'no outcome'],
    [
      'whose event names no live photo of ComplyCube',
      photo('a', { ...full, published: [{ isTagged: false, livePhotoId: 'live-gone' }] }),
      'there is no live photo live-gone',
    ],
  ])('finds a lost photo without room for tags: one %s', (_, put, why) => {
    const found = audit([put], []);
    expect(found.lost).toBe(1);
    expect(found.findings).toEqual([`lost: a a-version: ${why}`]);
  });

  it('reports a dead-lettered photo, but not as lost', () => {
    const found = audit([photo('a', { tags: untagged, isDeadLettered: true })], []);
    expect(faults(found)).toEqual(none);
    expect(found.photoAccount.deadLettered).toBe(1);
    expect(found.findings).toEqual(['dead-lettered: a a-version: no outcome']);
  });

  it('allows photos with the same client and bytes to share a live photo', () => {
    const twins = [photo('a'), photo('twin', { sha256: 'bytes of a' })];
    const sharing = twins.map(({ key, sha256 }) => photo(key, { sha256, tags: uploaded('live-a') }));
    expect(faults(audit(sharing, [livePhoto('a')]))).toEqual(none);
    expect(faults(audit(twins, [livePhoto('a'), livePhoto('a', 'live-twin')]))).toEqual(none);
    expect(audit(sharing, [livePhoto('a')]).photoAccount).toMatchObject({ uploaded: 1, sharing: 1 });
  });

  it('counts an erased photo, and finds its live photo if ComplyCube still has it', () => {
    const tags = new Map([['complycube-status', 'erased']]);
    const erased = photo('a', { expected: 'erased', tags, published: [{ isTagged: true, isErased: true }] });
    expect(audit([erased], [])).toMatchObject({ ...none, erasedWithLivePhoto: 0, photoAccount: { erased: 1 } });
    expect(audit([erased], [livePhoto('a')])).toMatchObject({ erasedWithLivePhoto: 1, duplicates: 1 });
  });

  it.each([
    ['its event is missing', 'erased' as const, []],
    ['nobody erased it', 'uploaded' as const, [{ isTagged: true, isErased: true }]],
  ])('finds an erased photo wrong if %s', (_, expected, published) => {
    const tags = new Map([['complycube-status', 'erased']]);
    expect(faults(audit([photo('a', { expected, tags, published })], []))).toEqual({ ...none, wrong: 1 });
  });

  it('counts each photo and each live photo once', () => {
    const photos = [
      photo('a'),
      photo('twin', { sha256: 'bytes of a', tags: uploaded('live-a') }),
      photo('cut', { expected: 'image-damaged', tags: rejected('image-damaged') }),
      photo('deleted before', { tags: undefined }),
      photo('deleted after', { tags: undefined }),
      photo('dead', { tags: untagged, isDeadLettered: true }),
      photo('dead-and-done', { isDeadLettered: true }),
      photo('lost', { tags: untagged }),
    ];
    const livePhotos = [
      livePhoto('a'),
      livePhoto('deleted after'),
      livePhoto('dead-and-done'),
      livePhoto('dead-and-done', 'again'),
    ];
    const { photoAccount, livePhotoAccount } = audit(photos, livePhotos);
    expect(photoAccount).toEqual({
      ...{ uploaded: 2, sharing: 1, untaggable: 0, rejected: 1, erased: 0 },
      ...{ deleted: 2, deadLettered: 1, lost: 1 },
    });
    expect(livePhotoAccount).toEqual({ named: 2, unnamed: 1, duplicates: 1 });
  });
});
