/**
 * Checks the names and types of options. Otherwise a function ignores a typo, for example in `stripMetadata`.
 * @param types what `typeof` gives for each option.
 * @throws TypeError that names the option.
 */
export function checkOptions<Options extends object>(
  options: Options,
  types: Readonly<{ [Name in keyof Options]-?: 'boolean' | 'function' | 'number' | 'object' }>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(name in types)) throw new TypeError(`There is no option ${name}`);
    const type = types[name as keyof Options];
    if (value !== undefined && typeof value !== type) throw new TypeError(`The option ${name} must be a ${type}`);
  }
}
