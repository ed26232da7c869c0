import { describe, expect, it } from '@jest/globals';
import { choosePhotos } from '../../e2e/sample-photos';
import { variablesForEmulator } from '../../e2e/ministack-server';
import { metadataNames } from '../../lambda/live-photo';
import { makeSampleSet, refusedClientId, sampleClientId } from '../../local/sample-set';

const expectedOf = (photos: readonly { readonly expected: string }[]) =>
  new Set(photos.map(({ expected }) => expected));

describe('the photos of a run', () => {
  it('are those of npm start but for the one that waits for long, which is said', () => {
    const { photos, leftOut } = choosePhotos(undefined);
    const all = makeSampleSet();
    expect(all.length - photos.length).toBe(1);
    expect(expectedOf(all)).toEqual(new Set([...expectedOf(photos), 'client-unknown']));
    expect(leftOut).toEqual([expect.stringMatching(/^client-unknown /)]);
  });

  it('are of the given client in the sandbox, where no photo is refused', () => {
    const { photos, leftOut } = choosePhotos({ apiKey: 'test_abc', clientId: 'mine' });
    expect(expectedOf(photos)).not.toContain('refused-by-complycube');
    expect(leftOut).toHaveLength(2);
    const uploaded = photos.filter(({ expected }) => expected === 'uploaded');
    expect(new Set(uploaded.map(({ metadata }) => metadata[metadataNames.clientId]))).toEqual(new Set(['mine']));
    const clientIds = photos.map(({ metadata }) => metadata[metadataNames.clientId]);
    expect(clientIds).not.toContain(sampleClientId);
    expect(clientIds).not.toContain(refusedClientId);
    expect(clientIds).toContain('not an ID');
  });
});

describe('the variables of an emulator', () => {
  it('say nothing of the AWS account that is in use', () => {
    expect(
      variablesForEmulator({
        PATH: '/bin',
        AWS_PROFILE: 'production',
        AWS_ENDPOINT_URL_S3: 'x',
        NODE_EXTRA_CA_CERTS: 'y',
      }),
    ).toEqual({ PATH: '/bin' });
  });
});
