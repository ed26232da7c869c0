type Pattern = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a rule's pattern (EventBridge user guide, "Creating Amazon EventBridge event patterns").
 * @throws for comparisons other than equality.
 */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, expected]) => {
    const value = (event as Pattern | undefined)?.[name];
    if (!Array.isArray(expected)) return matchesPattern(expected as Pattern, value);
    if (expected.some((each) => typeof each === 'object'))
      throw new Error(`The pattern's comparison of ${name} is not supported`);
    return expected.includes(value);
  });
}
