/** What happens to an environment at one step of an invocation. */
export interface Disruption {
  /** The step, from 0. */
  readonly step: number;
  /**
   * `dies`: the environment never goes on. `hangs`: this one request never settles, and no signal ends it. `wakes late`: it
   * settles after `lateMs`, when the photo's deadline is over and others may have taken its claim over.
   */
  readonly what: 'dies' | 'hangs' | 'wakes late';
  /** Milliseconds; only for `wakes late`. */
  readonly lateMs: number;
}
