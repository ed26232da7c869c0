/** Whether a value matches a pattern. `*` matches any characters, `?` matches one. */
export function isLike(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const source = pattern
    .replaceAll(/[$()+.[\\\]^{|}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** Whether each of an ARN's six parts matches that of a pattern. Only the last part may contain colons. */
export function isArnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return patterns.length === parts.length && patterns.every((part, at) => isLike(part, parts[at] ?? ''));
}

/** The account in an ARN. An empty string for a bucket, undefined for a text that is not an ARN. */
export function accountOf(arn: string): string | undefined {
  return arn.split(':')[4];
}

/** Turns a single value into a list. Policies allow both. */
export function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
