import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';

/** A handler whose promise never settles, while nothing keeps the event loop running. */
export const neverSettles = 'exports.handler = () => new Promise(() => {});';

/** A handler that works without end. */
export const neverEnds = 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));';

/** Tries a handler that the bundle never is, with a timeout of two seconds. It shows what the runtime client does with it. */
export async function withTinyFunction(
  definition: LocalFunction,
  code: string,
  check: (tiny: LocalFunction) => Promise<string>,
): Promise<string> {
  const codeFolder = mkdtempSync(join(tmpdir(), 'tiny-function-'));
  try {
    writeFileSync(join(codeFolder, 'index.js'), code);
    return await check({ ...definition, codeFolder, timeoutMs: 2000 });
  } finally {
    rmSync(codeFolder, { recursive: true });
  }
}
