import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { metadataNames } from '../../contract/photo-rules';
import { UsageError } from '../../cli/command-error';
import type { PhotoToPut } from './photo-run';

/**
 * Reads a person's own photos; a folder stands for every photo in it and below, with a key that begins with its name.
 * @throws UsageError naming a path that can't be read or two of one key, or when there is no photo at all.
 */
export function loadPhotos(paths: readonly string[], clientId: string): PhotoToPut[] {
  const photos = paths.flatMap((path) => {
    const parent = join(path, '..');
    return filesOf(path).map((file) => ({
      key: relative(parent, file).split(sep).join('/'),
      bytes: read(file),
      metadata: { [metadataNames.clientId]: clientId },
      expected: 'uploaded',
    }));
  });
  if (photos.length === 0) throw new UsageError(`There is no photo in ${paths.join(', ')}`);
  const keys = photos.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw new UsageError(`Two photos would have the same key, ${twice}: put them one at a time`);
  return photos;
}

/** A file that is named is taken whatever it is, so that a person sees why it is rejected; a folder's other files are not. */
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
  return code === 'ENOENT' ? 'there is no such file' : (code ?? 'unknown error');
}
