type Pattern = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a rule's pattern: each name's value is one of those listed, at any depth (EventBridge user guide,
 * "Creating Amazon EventBridge event patterns").
 * @throws for comparisons other than equality, which no pattern here needs.
 */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, expected]) => {
    const value = (event as Pattern | undefined)?.[name];
    if (!Array.isArray(expected)) return matchesPattern(expected as Pattern, value);
    if (expected.some((each) => typeof each === 'object')) throw new Error(`The pattern compares ${name} otherwise`);
    return expected.includes(value);
  });
}
