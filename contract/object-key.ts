/**
 * Decodes an object key of an S3 event or list, which is URL-encoded with `+` for a space.
 * @throws URIError for a malformed escape.
 */
export function decodeObjectKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
