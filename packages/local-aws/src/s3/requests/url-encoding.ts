/**
 * Encodes a key as S3 does in event notifications and in lists asked for with `encoding-type=url`: everything but
 * `A-Z a-z 0-9 - _ . *` and `/` percent-encoded, a space as `+`.
 * Source: S3's user guide, "Event message structure" (`red flower.jpg` becomes `red+flower.jpg`), and S3's API reference,
 * ListObjectsV2 (`test_file(3).png` becomes `test_file%283%29.png`).
 */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/');
}
