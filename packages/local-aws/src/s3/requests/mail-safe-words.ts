/**
 * S3 "examines [metadata values] for non-US-ASCII characters. Values of such headers are character decoded as per RFC
 * 2047 before storing and encoded as per RFC 2047 to make them mail-safe before returning" (S3's user guide, "Working with
 * object metadata"). Its example shows that bytes beyond ASCII count as ISO-8859-1, as Node's HTTP parser reads them.
 */

/** Encodes a value as one RFC 2047 word of UTF-8 and base64, unless it is all printable ASCII. */
export function encodeWord(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

/** Decodes the RFC 2047 words of UTF-8 in a value. Everything else stays unchanged. */
export function decodeWords(value: string): string {
  const word = /=\?utf-8\?([bq])\?([^?]*)\?=(?:\s+(?==\?utf-8\?[bq]\?))?/gi;
  return value.replace(word, (_, encoding: string, text: string) => {
    if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString('utf8');
    const bytes = text
      .replace(/_/g, ' ')
      .replace(/=([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}
