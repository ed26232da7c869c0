import { describe, expect, it } from '@jest/globals';
import { audit, type AuditedLivePhoto, type AuditedPhoto } from '../../../local/chaos/audit';

const uploaded = (id: string, more: Record<string, string> = {}): ReadonlyMap<string, string> =>
  new Map(Object.entries({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': id, ...more }));
const rejected = (reason: string): ReadonlyMap<string, string> =>
  new Map(Object.entries({ 'complycube-status': 'rejected', 'complycube-rejection': reason }));
const untagged: ReadonlyMap<string, string> = new Map<string, string>();

const photo = (key: string, more: Partial<AuditedPhoto> = {}): AuditedPhoto => ({
  key,
  versionId: `${key}-version`,
  clientId: 'client',
  sha256: `bytes of ${key}`,
  expected: 'uploaded',
  appTags: {},
  tags: uploaded(`live-${key}`),
  isDeadLettered: false,
  ...more,
});
const livePhoto = (key: string, id = `live-${key}`): AuditedLivePhoto => ({
  id,
  clientId: 'client',
  sha256: `bytes of ${key}`,
});
const faults = ({ duplicates, lost, wrong }: ReturnType<typeof audit>) => ({ duplicates, lost, wrong });
const none = { duplicates: 0, lost: 0, wrong: 0 };

describe('an audit', () => {
  it('finds nothing where every photo has its one live photo', () => {
    const found = audit([photo('a'), photo('b')], [livePhoto('a'), livePhoto('b')]);
    expect(faults(found)).toEqual(none);
    expect(found.findings).toEqual([]);
  });

  it('finds a second live photo of a photo, and leaves the one that is named', () => {
    const found = audit([photo('a')], [livePhoto('a', 'live-surplus'), livePhoto('a')]);
    expect(faults(found)).toEqual({ ...none, duplicates: 1 });
    expect(found.findings).toEqual(['duplicate: live photo live-surplus']);
  });

  it.each([
    ['a photo that was to be rejected', photo('a', { expected: 'rejected', tags: rejected('image-damaged') })],
    ['another client', photo('a', { clientId: 'somebody else', tags: undefined })],
  ])('finds a live photo of %s', (_, put) => {
    expect(faults(audit([put], [livePhoto('a')]))).toEqual({ ...none, duplicates: 1 });
  });

  it.each([
    ['without an outcome', untagged, 'no outcome'],
    ['whose live photo ComplyCube does not hold', uploaded('live-gone'), 'there is no live photo live-gone'],
    ['whose tags name none', new Map([['complycube-status', 'uploaded']]), 'uploaded, but the tags name no live photo'],
  ])('finds a lost photo: one %s', (_, tags, why) => {
    const found = audit([photo('a', { tags })], []);
    expect(faults(found)).toEqual({ ...none, lost: 1 });
    expect(found.findings).toEqual([`lost: a a-version: ${why}`]);
  });

  it.each([
    ['another photo’s live photo', photo('a', { tags: uploaded('live-b') }), 'live photo live-b is of another'],
    ['a rejection of a photo in order', photo('a', { tags: rejected('too-small') }), 'rejected in place of uploaded'],
    [
      'an upload of a photo at fault',
      photo('a', { expected: 'rejected', sha256: 'bytes of b', tags: uploaded('live-b') }),
      'uploaded in place of rejected',
    ],
    ['a wrong reason', photo('a', { expected: 'rejected', tags: rejected('too-small') }), 'rejected as too-small'],
    ['a tag of the app’s gone', photo('a', { appTags: { team: 'renewals' } }), "the app's tag team is gone"],
    ['a tag of nobody’s', photo('a', { tags: uploaded('live-a', { odd: '1' }) }), 'the tag odd does not belong there'],
    [
      'two outcomes',
      photo('a', { tags: uploaded('live-a', { 'complycube-rejection': 'too-small' }) }),
      'the tag complycube-rejection does not belong there',
    ],
  ])('finds wrong tags: %s', (_, put, why) => {
    const found = audit([put, photo('b')], [livePhoto('a'), livePhoto('b')]);
    expect(found.wrong).toBe(1);
    expect(found.findings.filter((finding) => finding.startsWith('wrong: a a-version: '))).toHaveLength(1);
    expect(found.findings.join()).toContain(why);
  });

  it('does not call a photo lost that is in the dead-letter queue, and tells of it', () => {
    const found = audit([photo('a', { tags: untagged, isDeadLettered: true })], []);
    expect(faults(found)).toEqual(none);
    expect(found.photoAccount.deadLettered).toBe(1);
    expect(found.findings).toEqual(['dead-lettered: a a-version: no outcome']);
  });

  it('lets photos of the same client and bytes share a live photo, or have one each', () => {
    const twins = [photo('a'), photo('twin', { sha256: 'bytes of a' })];
    const sharing = twins.map((twin) => ({ ...twin, tags: uploaded('live-a') }));
    expect(faults(audit(sharing, [livePhoto('a')]))).toEqual(none);
    expect(faults(audit(twins, [livePhoto('a'), livePhoto('a', 'live-twin')]))).toEqual(none);
    expect(audit(sharing, [livePhoto('a')]).photoAccount).toMatchObject({ uploaded: 1, sharing: 1 });
  });

  it('gives an account in which every photo and every live photo stands once', () => {
    const photos = [
      photo('a'),
      photo('twin', { sha256: 'bytes of a', tags: uploaded('live-a') }),
      photo('cut', { expected: 'rejected', tags: rejected('image-damaged') }),
      photo('deleted before', { tags: undefined }),
      photo('deleted after', { tags: undefined }),
      photo('dead', { tags: untagged, isDeadLettered: true }),
      photo('dead and done', { isDeadLettered: true }),
      photo('lost', { tags: untagged }),
    ];
    const livePhotos = [
      livePhoto('a'),
      livePhoto('deleted after'),
      livePhoto('dead and done'),
      livePhoto('dead and done', 'again'),
    ];
    const { photoAccount, livePhotoAccount } = audit(photos, livePhotos);
    expect(photoAccount).toEqual({ uploaded: 2, sharing: 1, rejected: 1, deleted: 2, deadLettered: 1, lost: 1 });
    expect(livePhotoAccount).toEqual({ named: 2, unnamed: 1, duplicates: 1 });
  });
});
