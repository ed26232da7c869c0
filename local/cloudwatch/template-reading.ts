/** The template holds something that is not known here, and that would be left out without a word. */
export class UnknownInTemplateError extends Error {
  override readonly name = 'UnknownInTemplateError';
}

/** @throws UnknownInTemplateError naming what `value` has beside the known names. */
export function checkNames(what: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UnknownInTemplateError(`The local CloudWatch does not know ${unknown} of ${what}`);
  }
}
