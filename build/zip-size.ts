import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deflateRawSync } from 'node:zlib';

/**
 * Computes the size of a zip with these files in its root, in bytes. Each file has a local header, its deflated content and an entry in
 * the central directory, which has an end record (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16).
 */
export function zipBytes(paths: readonly string[]): number {
  const files = paths.map((path) => {
    const deflated = deflateRawSync(readFileSync(path), { level: 9 });
    return 30 + 46 + 2 * basename(path).length + deflated.length;
  });
  return files.reduce((sum, bytes) => sum + bytes, 22);
}
