import { metadataNames } from '../lambda/live-photo';
import type { PhotoToPut } from '../local/photo-run';
import { makeSampleSet, sampleClientId } from '../local/sample-set';
import type { SandboxAccess } from './target';

/** The photos of a run, and why others of the sample set are not among them, in words. */
export interface ChosenPhotos {
  readonly photos: readonly PhotoToPut[];
  readonly leftOut: readonly string[];
}

const notInSandbox = new Map([
  ['client-unknown', 'client-unknown takes six receives with up to 16 minutes between them: see npm start'],
  [
    'refused-by-complycube',
    'refused-by-complycube can not be had from the sandbox, which accepts every photo: see npm start',
  ],
]);

/** Chooses the sample photos whose outcome can be had: all from the stand-in, not so from the sandbox. */
export function choosePhotos(sandbox: SandboxAccess | undefined): ChosenPhotos {
  if (sandbox === undefined) return { photos: makeSampleSet(), leftOut: [] };
  const photos = makeSampleSet().filter(({ expected }) => !notInSandbox.has(expected));
  return {
    photos: photos.map((photo) => ofClient(photo, sandbox.clientId)),
    leftOut: [...notInSandbox.values()],
  };
}

/** Puts another client in the place of the one that the stand-in knows. */
function ofClient(photo: PhotoToPut, clientId: string): PhotoToPut {
  if (photo.metadata[metadataNames.clientId] !== sampleClientId) return photo;
  return { ...photo, metadata: { ...photo.metadata, [metadataNames.clientId]: clientId } };
}
