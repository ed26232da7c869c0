/** A JSON object whose properties are not validated yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Type guard for {@link JsonObject}: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
