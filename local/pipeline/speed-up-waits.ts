import { environmentNames } from '../../contract/environment';

/** The environment variables that contain the function's own waits, in milliseconds. */
const waits: readonly string[] = [
  environmentNames.clockSkewMs,
  environmentNames.listingDelayMs,
  environmentNames.refusalRejectedAfterMs,
  environmentNames.secondLookAfterMs,
  environmentNames.unknownClientRejectedAfterMs,
];

/** Divides the waits among the function's environment variables by the same factor as the queue's waits; minimum 1 ms. */
export function speedUpWaits(
  variables: Readonly<Record<string, string>>,
  waitSpeed: number,
): Readonly<Record<string, string>> {
  const entries = Object.entries(variables).map(([name, value]): [string, string] => [
    name,
    waits.includes(name) ? String(Math.max(1, Math.round(Number(value) / waitSpeed))) : value,
  ]);
  return Object.fromEntries(entries);
}
