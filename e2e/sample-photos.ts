import { metadataNames } from '../contract/photo-rules';
import type { PhotoToPut } from '../local/start/photo-run';
import { makeSampleSet, sampleClientId } from '../local/start/sample-set';
import type { SandboxAccess } from './target';

/** The photos of a run, and why the other sample photos are skipped. */
export interface ChosenPhotos {
  readonly photos: readonly PhotoToPut[];
  readonly skipped: readonly string[];
}

const tooSlow: readonly [string, string] = [
  'client-unknown',
  'client-unknown takes five receives and more than 15 minutes: see npm start',
];
const notInSandbox: readonly [string, string] = [
  'refused-by-complycube',
  'refused-by-complycube does not happen in the sandbox, which accepts every photo: see npm start',
];

/** Selects the sample photos whose outcome takes at most minutes. */
export function choosePhotos(sandbox: SandboxAccess | undefined): ChosenPhotos {
  const skipped = new Map(sandbox === undefined ? [tooSlow] : [tooSlow, notInSandbox]);
  const photos = makeSampleSet().filter(({ expected }) => !skipped.has(expected));
  return {
    photos: sandbox === undefined ? photos : photos.map((photo) => ofClient(photo, sandbox.clientId)),
    skipped: [...skipped.values()],
  };
}

/** Replaces the client ID that only the stand-in knows. */
function ofClient(photo: PhotoToPut, clientId: string): PhotoToPut {
  if (photo.metadata[metadataNames.clientId] !== sampleClientId) return photo;
  return { ...photo, metadata: { ...photo.metadata, [metadataNames.clientId]: clientId } };
}
