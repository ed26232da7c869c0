/** The fields of a resource policy's statement that are used here. */
export interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Parses a policy's statements. */
export function parsePolicy(text: string): PolicyStatement[] {
  const { Statement = [] } = JSON.parse(text) as { readonly Statement?: PolicyStatement | PolicyStatement[] };
  return Array.isArray(Statement) ? Statement : [Statement];
}

/** Compares like IAM's ArnLike and StringLike: `*` stands for any characters, `?` for one. */
export function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** The values of a condition key, for all operators. */
export function conditionValues(condition: PolicyStatement['Condition'], key: string): string[] {
  return Object.values(condition ?? {}).flatMap((operands) => operands[key] ?? []);
}

/** Whether a statement allows only this service, and only this action. */
export function allowsOnlyService(statement: PolicyStatement, service: string, action: string): boolean {
  const isOnlyService = JSON.stringify(statement.Principal) === JSON.stringify({ Service: service });
  return isOnlyService && [statement.Action ?? []].flat().length === 1 && allowsService(statement, service, action);
}

/** Whether a statement allows a service to perform an action. */
export function allowsService(statement: PolicyStatement, service: string, action: string): boolean {
  const actions = [statement.Action ?? []].flat();
  const isForService = JSON.stringify(statement.Principal ?? '').includes(`"${service}"`);
  return (
    statement.Effect === 'Allow' &&
    isForService &&
    actions.some((allowed) => allowed.toLowerCase() === action.toLowerCase())
  );
}
