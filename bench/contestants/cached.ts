/**
 * The function as it is deployed, compiled from V8's code cache instead of anew. The first process that has done a batch leaves
 * the cache for the next ones: it holds what a first photo needs, and no other build of Node takes it.
 */
import type { Handler } from 'aws-lambda';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import v8 from 'node:v8';
import { Script } from 'node:vm';
import { functionBundle } from '../../lib/function-code';

const path = join(__dirname, '..', '..', functionBundle, 'index.js');
const cachePath = join(__dirname, 'code.cache');
const cachedData = existsSync(cachePath) ? readFileSync(cachePath) : undefined;
// V8 takes no cache that was made with other flags than it was started with: whoever makes it must not set the function's.
if (cachedData === undefined) Object.assign(v8, { setFlagsFromString: () => undefined });
const source = `(function (module, require) {${readFileSync(path, 'utf8')}\n})`;
const script = new Script(source, { filename: path, cachedData });
if (script.cachedDataRejected === true) throw new Error('Node rejected its own code cache');

const bundled = { exports: {} as { handler: Handler } };
(script.runInThisContext() as (module: object, load: NodeJS.Require) => void)(bundled, require);

/** Processes a batch as the function does. */
export const handler: Handler = async (...parameters) => {
  const answer: unknown = await bundled.exports.handler(...parameters);
  if (cachedData === undefined) writeFileSync(cachePath, script.createCachedData());
  return answer;
};
