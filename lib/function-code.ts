import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda's `Handler`: the bundle's file and its export. */
export const functionHandler = 'index.handler';

/** The bundle's folder, from the project's root. */
export const functionBundle = join('dist', 'function');

/**
 * Finds the folder of the function's bundle: next to the compiled construct in the published package, in `dist` in a checkout.
 * @throws if it was not built.
 */
export function findFunctionBundle(): string {
  const candidates = [join(__dirname, '..', 'function'), join(__dirname, '..', functionBundle)];
  const found = candidates.find((folder) => existsSync(join(folder, 'index.js')));
  if (found === undefined) throw new Error('The function is not bundled yet: run `npm run build`');
  return found;
}
