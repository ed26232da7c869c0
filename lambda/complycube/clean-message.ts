const maxLength = 200;

/** API keys of either environment; not the end of a word such as `latest_version`. */
const apiKey = /(?<=^|[^a-z]|%[0-9a-f]{2})(?:live|test)_\S+/gi;

/** Text that may be base64, hexadecimal or an ID. Separators of base64url, of JSON's and of URLs' escapes count as part of it. */
const longRun = /[\w+/=%\\-]{16,}/g;

/** What separates the words of a long run. */
const separators = /%[0-9a-f]{2}|[^A-Za-z0-9]+/i;

/** A word or name such as `requirements`, `UNAVAILABLE` or `performLivenessCheck`. A long run of base64 hardly ever has this form. */
const word = /^(?:[A-Z]?[a-z]{1,20}(?:[A-Z][a-z]{1,20}){0,4}|[A-Z]{2,12})$/;

/**
 * Makes a text of ComplyCube or a gateway fit for logs and events: one line of at most 200 characters, without the client ID,
 * API keys, and bytes of the photo, should the text quote the request.
 */
export function cleanMessage(message: string, clientId: string): string {
  const line = message
    .replace(/\p{Cf}/gu, '') // invisible, so that nothing hides behind it: bidirectional controls, zero-width characters
    .replace(clientIdPattern(clientId), '…')
    .replace(apiKey, '…')
    .replace(longRun, (run) => (run.split(separators).every(isWord) ? run : '…'))
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…` : line;
}

function isWord(part: string): boolean {
  return part === '' || word.test(part);
}

/** From this length on an ID is found within other text too; a shorter one might be part of a word. */
const minUnmistakableLength = 8;

/** The client ID in any case, each of its characters plain or percent-encoded. */
function clientIdPattern(clientId: string): RegExp {
  const characters = Array.from(clientId, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? '';
    return `(?:\\u{${code}}|%${code.padStart(2, '0')})`;
  });
  const id = characters.length === 0 ? '(?!)' : characters.join('');
  if (characters.length >= minUnmistakableLength) return new RegExp(id, 'giu');
  return new RegExp(`(?<![\\w-]|%[0-9a-f]?)${id}(?![\\w-])|(?<=%[0-9a-f]{2})${id}(?![\\w-])`, 'giu');
}
