/** S3 accepts at most this many characters in the value of a tag (S3 user guide, "Categorizing your objects using tags"). */
const maxLength = 256;

/** Characters that S3 accepts in every tag, except `=`, which starts an encoded byte. */
const plain = /^[A-Za-z0-9 +\-._:/@]$/;

/**
 * Encodes a message as the value of a tag. S3 accepts only some characters in tags. The other ones become quoted-printable
 * (RFC 2045): `=` and two hexadecimal digits for each byte of UTF-8. A message that is too long is cut after a whole character
 * and ends with `…`.
 */
export function encodeMessage(message: string): string {
  const characters = Array.from(message.trim(), encode);
  const whole = characters.join('');
  if (whole.length <= maxLength) return whole;
  const ellipsis = encode('…');
  let cut = '';
  for (const character of characters) {
    if (cut.length + character.length + ellipsis.length > maxLength) break;
    cut += character;
  }
  return cut + ellipsis;
}

/** Decodes the value of a tag that {@link encodeMessage} encoded. */
export function decodeMessage(value: string): string {
  return value.replaceAll(/(?:=[0-9A-F]{2})+/g, (encoded) => {
    const bytes = Uint8Array.from(encoded.slice(1).split('='), (digits) => parseInt(digits, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  });
}

function encode(character: string): string {
  if (plain.test(character)) return character;
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
