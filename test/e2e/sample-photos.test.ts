import { describe, expect, it } from '@jest/globals';
import { choosePhotos } from '../../e2e/sample-photos';
import { metadataNames } from '../../contract/photo-rules';
import { rejectionReasons } from '../../contract/outcome';
import { makeSampleSet, refusedClientId, sampleClientId } from '../../local/start/sample-set';

const expectedOf = (photos: readonly { readonly expected: string }[]) =>
  new Set(photos.map(({ expected }) => expected));

describe('the photos of a run', () => {
  it('are those of npm start, except for the outcome that takes 15 minutes', () => {
    const { photos, skipped } = choosePhotos(undefined);
    const reasons = rejectionReasons.filter((reason) => reason !== 'client-unknown');
    expect(expectedOf(photos)).toEqual(new Set(['uploaded', ...reasons]));
    expect(photos).toHaveLength(makeSampleSet().filter(({ expected }) => expected !== 'client-unknown').length);
    expect(skipped).toEqual([expect.stringMatching('^client-unknown ')]);
  });

  it('belong to the given client in the sandbox, which refuses no photo', () => {
    const { photos, skipped } = choosePhotos({ apiKey: 'test_abc', clientId: 'mine' });
    const missing = rejectionReasons.filter((reason) => !expectedOf(photos).has(reason));
    expect(missing).toEqual(['client-unknown', 'refused-by-complycube']);
    expect(skipped).toEqual(missing.map((reason) => expect.stringMatching(`^${reason} `)));
    const uploaded = photos.filter(({ expected }) => expected === 'uploaded');
    expect(new Set(uploaded.map(({ metadata }) => metadata[metadataNames.clientId]))).toEqual(new Set(['mine']));
    const clientIds = photos.map(({ metadata }) => metadata[metadataNames.clientId]);
    expect(clientIds).not.toContain(sampleClientId);
    expect(clientIds).not.toContain(refusedClientId);
    expect(clientIds).toContain('not an ID');
  });
});
