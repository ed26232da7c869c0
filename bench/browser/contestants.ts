import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleBrowserModule } from '../../build/browser-module';

/** A library that shrinks photos in the browser, and how a page calls it for a JPEG of at most 2,560 pixels and 4 MB. */
export interface Contestant {
  readonly name: string;
  /** Its script, as a page loads it. */
  readonly script: Uint8Array;
  /** Module code that sets `window.shrink`, a function from a file to a promise of a file. The script is at `/library.js`. */
  readonly setUp: string;
}

const packages = join(__dirname, '..', 'node_modules');

/** Ours first. The others must be installed in bench/. */
export function loadContestants(): readonly Contestant[] {
  return [
    {
      name: 'preparePhoto',
      script: Buffer.from(bundleBrowserModule()),
      setUp: `const { preparePhoto } = await import('/library.js');
        window.shrink = async (file) => (await preparePhoto(file, { stripMetadata: true })).photo;`,
    },
    {
      name: 'compressorjs',
      script: readFileSync(join(packages, 'compressorjs', 'dist', 'compressor.min.js')),
      setUp: `await import('/library.js');
        const options = { maxWidth: 2560, maxHeight: 2560, quality: 0.92, mimeType: 'image/jpeg' };
        window.shrink = (file) => new Promise((success, error) => new Compressor(file, { ...options, success, error }));`,
    },
    {
      name: 'browser-image-compression',
      script: readFileSync(join(packages, 'browser-image-compression', 'dist', 'browser-image-compression.js')),
      // Its worker loads the library from a public server, unless libURL says where it is.
      setUp: `await import('/library.js');
        const options = {
          maxWidthOrHeight: 2560, maxSizeMB: 4, initialQuality: 0.92, fileType: 'image/jpeg', useWebWorker: true,
          libURL: location.origin + '/library.js',
        };
        window.shrink = (file) => imageCompression(file, options);`,
    },
  ];
}
