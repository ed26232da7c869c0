/** A statement of a resource's policy, as far as it is read here. */
export interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Reads a policy's statements. */
export function parsePolicy(text: string): PolicyStatement[] {
  const { Statement = [] } = JSON.parse(text) as { readonly Statement?: PolicyStatement | PolicyStatement[] };
  return Array.isArray(Statement) ? Statement : [Statement];
}

/** The values that a statement's condition compares a key with, whatever the operator. */
export function conditionValues(condition: PolicyStatement['Condition'], key: string): string[] {
  return Object.values(condition ?? {}).flatMap((operands) => operands[key] ?? []);
}

/** Whether a statement allows a service an action. */
export function allowsService(statement: PolicyStatement, service: string, action: string): boolean {
  const actions = [statement.Action ?? []].flat();
  const isOfService = JSON.stringify(statement.Principal ?? '').includes(`"${service}"`);
  return (
    statement.Effect === 'Allow' &&
    isOfService &&
    actions.some((allowed) => allowed.toLowerCase() === action.toLowerCase())
  );
}
