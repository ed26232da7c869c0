/** What happens to an environment at one step of an invocation. */
export interface Disruption {
  /** The step, from 0. */
  readonly step: number;
  /**
   * `dies`: the environment never continues. `hangs`: this one request never settles, even if it is aborted. `wakes late`: it
   * settles after `lateMs`, when the photo's deadline has passed and another delivery may have taken over its claim.
   */
  readonly what: 'dies' | 'hangs' | 'wakes late';
  /** Milliseconds; only for `wakes late`. */
  readonly lateMs: number;
}
