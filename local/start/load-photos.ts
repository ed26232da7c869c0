import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UsageError } from '../../cli/command-error';
import type { PhotoToPut } from './photo-run';

/**
 * Reads photos from files and folders, including subfolders. The key of a folder's photo starts with the folder's name.
 * @throws UsageError if a path can't be read, two photos have the same key, or there is no photo.
 */
export function loadPhotos(paths: readonly string[], metadata: PhotoToPut['metadata']): PhotoToPut[] {
  const photos = paths.flatMap((path) => {
    const parent = join(path, '..');
    return filesOf(path).map((file) => ({
      key: relative(parent, file).split(sep).join('/'),
      bytes: read(file),
      metadata,
      expected: 'uploaded',
    }));
  });
  if (photos.length === 0) throw new UsageError(`No photos found in ${paths.join(', ')}`);
  const keys = photos.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw new UsageError(`Two photos would have the same key, ${twice}: upload them separately`);
  return photos;
}

/** A named file is always included, to show why it is rejected. In folders, only files with the extension of an image are. */
function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[^.].*\.(jpe?g|png|hei[cf]|webp|gif)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw new UsageError(`${path} can't be read (${codeOf(cause)})`);
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError(`${file} can't be read (${codeOf(cause)})`);
  }
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'the file does not exist' : (code ?? 'unknown error');
}
