import { dirname } from 'node:path';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import { withTemporaryFile } from './temporary-file';

/** A handler whose promise never settles, while nothing keeps the event loop running. */
export const neverSettles = 'exports.handler = () => new Promise(() => {});';

/** A handler that works without end. */
export const neverEnds = 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));';

/** The timeout of a tiny function. */
export const tinyTimeoutMs = 2000;

/** Tries a handler that the bundle never is. It shows what the runtime client does with it. */
export function withTinyFunction(
  definition: LocalFunction,
  code: string,
  check: (tiny: LocalFunction) => Promise<string>,
): Promise<string> {
  return withTemporaryFile('index.js', code, (path) =>
    check({ ...definition, codeFolder: dirname(path), timeoutMs: tinyTimeoutMs }),
  );
}
