/** Whether a part of a policy matches a request. `unknown`: it can't be evaluated here. */
export type Match = 'yes' | 'no' | 'unknown';

/** `yes` if all match. */
export function every(matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.includes('unknown') ? 'unknown' : 'yes';
}

/** `yes` if one matches. */
export function some(matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes';
  return matches.includes('unknown') ? 'unknown' : 'no';
}

/** The match of a condition that is known. */
export function matchIf(isMatch: boolean): Match {
  return isMatch ? 'yes' : 'no';
}
