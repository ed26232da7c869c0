import { setFlagsFromString } from 'node:v8';

/**
 * Sets V8's garbage collection up for large photos, whose bytes arrive in chunks that lie outside of V8's heap (the README's decisions
 * have the figures).
 *
 * Node warns of flags that change after the start. V8 looks at these two each time it decides whether to collect, and Node keeps
 * V8 from freezing its flags.
 */
export function tuneGarbageCollection(): void {
  // The chunks make V8 start to mark its heap, step by step beside the work, at every second photo. Without the steps it marks in
  // one go, when a limit is reached.
  setFlagsFromString('--no-incremental-marking');
  // Young garbage is collected once it holds 16 MB of chunks, four times this, and not 128 MB. Node 20 does not know this flag.
  if (parseInt(process.versions.node) >= 22) setFlagsFromString('--scavenger-max-new-space-capacity-mb=4');
}
