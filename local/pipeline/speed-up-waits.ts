import { environmentNames } from '../../contract/environment';

/** The variables that hold waits of the function itself, in milliseconds. */
const waits: readonly string[] = [
  environmentNames.clockSkewMs,
  environmentNames.listingDelayMs,
  environmentNames.refusalRejectedAfterMs,
  environmentNames.unknownClientRejectedAfterMs,
];

/** The function's variables, its waits as many times faster as the queue's waits; at least 1 ms each. */
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
