/** Whether a value matches a pattern in which `*` stands for any characters and `?` for one. */
export function isLike(pattern: string, value: string): boolean {
  const source = pattern
    .replaceAll(/[$()+.[\\\]^{|}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** Whether an ARN matches a pattern, each of its six parts on its own: no wildcard reaches over a colon, but in the last. */
export function isArnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return patterns.length === parts.length && patterns.every((part, at) => isLike(part, parts[at] ?? ''));
}

/** The account that an ARN names; undefined where it names none, as a bucket's. */
export function accountOf(arn: string): string | undefined {
  return arn.split(':')[4];
}

/** Puts the brackets around a single value that a policy may leave out. */
export function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
