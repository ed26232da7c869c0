import { dirname } from 'node:path';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import { withTemporaryFile } from './temporary-file';

/** A handler whose promise never settles, while nothing keeps the event loop running. */
export const neverSettles = 'exports.handler = () => new Promise(() => {});';

/** A handler that keeps the event loop alive and never settles. */
export const neverEnds = 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));';

/** The timeout of a tiny function. */
export const tinyTimeoutMs = 2000;

/** Runs a check on a handler that misbehaves as the bundle never does, to see how the runtime client reacts. */
export function withTinyFunction(
  definition: LocalFunction,
  code: string,
  check: (tiny: LocalFunction) => Promise<string>,
): Promise<string> {
  return withTemporaryFile('index.js', code, (path) =>
    check({ ...definition, codeFolder: dirname(path), timeoutMs: tinyTimeoutMs }),
  );
}
