/**
 * Parses `Retry-After`, in seconds or as a date (RFC 9110, sections 5.6.7 and 10.2.3). Of several values the longest counts.
 * @returns milliseconds to wait. Undefined if the header is absent, zero, in the past, or neither seconds nor a date.
 */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const waits = [...parseSeconds(value), ...parseDates(value).map((date) => date - now)];
  const longest = Math.max(...waits.filter((waitMs) => !Number.isNaN(waitMs)));
  return longest > 0 ? longest : undefined;
}

/** Accepts only numbers of seconds, separated by commas. */
function parseSeconds(value: string): number[] {
  if (!/^\d+(\s*,\s*\d+)*$/.test(value.trim())) return [];
  return value.split(',').map((seconds) => Math.min(Number(seconds) * 1000, Number.MAX_SAFE_INTEGER));
}

/**
 * HTTP's three forms of a date: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
 * Matches them without `GMT`.
 */
const httpDate = /[A-Z][a-z]+,? [\w -]{6,12} \d\d:\d\d:\d\d(?: \d{4}|(?= GMT))/g;

function parseDates(value: string): number[] {
  // All forms are in GMT, but the last one does not say so. The pattern is needed because `Date.parse` accepts much else.
  return Array.from(value.matchAll(httpDate), ([date]) => Date.parse(`${date} GMT`));
}
