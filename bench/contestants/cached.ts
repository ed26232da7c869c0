/**
 * The function as it is deployed, compiled from V8's code cache instead of anew. The first process that has done a batch leaves
 * the cache for the next ones: it holds what a first photo needs, and no other build of Node takes it.
 */
import type { Handler } from 'aws-lambda';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { functionBundle } from '../../lib/function-code';

const path = join(__dirname, '..', '..', functionBundle, 'index.js');
const cachePath = join(__dirname, 'code.cache');
const cachedData = existsSync(cachePath) ? readFileSync(cachePath) : undefined;
const source = `(function (module, require) {${readFileSync(path, 'utf8')}\n})`;
const script = new Script(source, { filename: path, cachedData });
if (script.cachedDataRejected === true) throw new Error('Node rejected its own code cache');

const bundled = { exports: {} as { handler: Handler } };
(script.runInThisContext() as (module: object, load: NodeJS.Require) => void)(bundled, require);

/** Processes a batch as the function does. */
export const handler: Handler = async (...parameters) => {
  const answer: unknown = await bundled.exports.handler(...parameters);
  if (cachedData === undefined) leaveCache();
  return answer;
};

function leaveCache(): void {
  // V8 compares its flags too: those of the start are those before the function set its own.
  setFlagsFromString('--incremental-marking');
  writeFileSync(cachePath, script.createCachedData());
}
