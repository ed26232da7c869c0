import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the bundle's program, and of what it exports: Lambda's `Handler`. */
export const functionHandler = 'index.handler';

/** The bundle's folder below the package's root. */
export const functionBundle = join('dist', 'function');

/**
 * Where the function's bundle is: beside the compiled construct in the published package, below `dist` in a checkout.
 * @throws when it was not built.
 */
export function findFunctionBundle(): string {
  const candidates = [join(__dirname, '..', 'function'), join(__dirname, '..', functionBundle)];
  const found = candidates.find((folder) => existsSync(join(folder, 'index.js')));
  if (found === undefined) throw new Error('The function is not bundled yet: run `npm run build`');
  return found;
}
