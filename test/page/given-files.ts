import { flipByteInPngChunk } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { makePng } from 'sample-photos/png';
import type { GivenFile } from './opened-page';

export const portrait: GivenFile = { name: 'portrait.jpg', bytes: makeJpeg({ bytes: 300_000, seed: 1 }) };
export const large: GivenFile = { name: 'large.jpg', bytes: makeJpeg({ bytes: 3_000_000, seed: 4 }) };
/** Larger than ComplyCube accepts. */
export const tooLarge: GivenFile = { name: 'selfie.jpg', bytes: makeJpeg({ bytes: 5_900_000, seed: 5 }) };
/** A HEIC file with the extension of a JPEG, as some phones produce. */
export const heic: GivenFile = { name: 'IMG_0001.jpg', bytes: makeNotAPhoto('heic', 80_000) };
export const damaged: GivenFile = { name: 'copy.png', bytes: flipByteInPngChunk(makePng({ bytes: 60_000, seed: 2 })) };
