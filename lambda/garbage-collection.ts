import { setFlagsFromString } from 'node:v8';

/**
 * Tunes V8's garbage collection for large photos. Their bytes arrive in chunks outside V8's heap. Figures:
 * docs/decisions/0013-two-v8-flags.md.
 *
 * Node warns against changing flags after the start. These two are safe: V8 reads them whenever it decides whether to collect,
 * and Node does not let V8 freeze its flags.
 */
export function tuneGarbageCollection(): void {
  // Because of the chunks, V8 would start incremental marking at every second photo. Without it, V8 marks in one pass, and only
  // when a limit is reached.
  setFlagsFromString('--no-incremental-marking');
  // The young generation is collected when it holds 16 MB of chunks (four times this value) instead of 128 MB. Node 20 and
  // Node 26 do not have this flag.
  const major = parseInt(process.versions.node);
  if (major >= 22 && major < 26) setFlagsFromString('--scavenger-max-new-space-capacity-mb=4');
}
