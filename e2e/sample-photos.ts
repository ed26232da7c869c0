import { metadataNames } from '../contract/photo-rules';
import type { PhotoToPut } from '../local/photo-run';
import { makeSampleSet, sampleClientId } from '../local/sample-set';
import type { SandboxAccess } from './target';

/** The photos of a run, and why others of the sample set are not among them, in words. */
export interface ChosenPhotos {
  readonly photos: readonly PhotoToPut[];
  readonly leftOut: readonly string[];
}

const tooSlow: readonly [string, string] = [
  'client-unknown',
  'client-unknown takes five receives and more than 15 minutes: see npm start',
];
const notInSandbox: readonly [string, string] = [
  'refused-by-complycube',
  'refused-by-complycube does not happen in the sandbox, which accepts every photo: see npm start',
];

/** Chooses the sample photos whose outcome is possible within minutes. */
export function choosePhotos(sandbox: SandboxAccess | undefined): ChosenPhotos {
  const leftOut = new Map(sandbox === undefined ? [tooSlow] : [tooSlow, notInSandbox]);
  const photos = makeSampleSet().filter(({ expected }) => !leftOut.has(expected));
  return {
    photos: sandbox === undefined ? photos : photos.map((photo) => ofClient(photo, sandbox.clientId)),
    leftOut: [...leftOut.values()],
  };
}

/** Replaces the client that only the stand-in knows. */
function ofClient(photo: PhotoToPut, clientId: string): PhotoToPut {
  if (photo.metadata[metadataNames.clientId] !== sampleClientId) return photo;
  return { ...photo, metadata: { ...photo.metadata, [metadataNames.clientId]: clientId } };
}
