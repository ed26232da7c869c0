/**
 * Encodes a key as in event notifications and in lists with `encoding-type=url`: all characters except
 * `A-Z a-z 0-9 - _ . *` and `/` are percent-encoded; a space becomes `+`.
 * Source: S3 user guide, "Event message structure" (`red flower.jpg` becomes `red+flower.jpg`), and S3 API reference,
 * ListObjectsV2 (`test_file(3).png` becomes `test_file%283%29.png`).
 */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/');
}
