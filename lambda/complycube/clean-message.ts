const maxLength = 200;

/** API keys of both environments, but not the end of a word such as `latest_version`. */
const apiKey = /(?<=^|[^a-z]|%[0-9a-f]{2})(?:live|test)_\S+/gi;

/** Text that may be base64, hexadecimal or an ID. Includes the separators of base64url, JSON escapes and URL escapes. */
const longRun = /[\w+/=%\\-]{16,}/g;

/** Separates the words of a long run. */
const separators = /%[0-9a-f]{2}|[^A-Za-z0-9]+/i;

/** Nothing, or a word or name such as `requirements`, `UNAVAILABLE` or `performLivenessCheck`. Long base64 almost never matches. */
const word = /^(?:[A-Z]?[a-z]{1,20}(?:[A-Z][a-z]{1,20}){0,4}|[A-Z]{2,12})?$/;

/**
 * Cleans a message of ComplyCube or a gateway for logs and events. The result is one line of at most 200 characters. If the message
 * quotes the request, the client ID, API keys and bytes of the photo are removed.
 */
export function cleanMessage(message: string, clientId: string): string {
  const line = message
    .replace(/\p{Cf}/gu, '') // invisible characters, which could hide others: bidirectional controls, zero-width characters
    .replace(clientIdPattern(clientId), '…')
    .replace(apiKey, '…')
    .replace(longRun, (run) => (run.split(separators).every((part) => word.test(part)) ? run : '…'))
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/\p{Cs}/u, '')}…` : line;
}

/** An ID of at least this length is also removed inside other text. A shorter one might be part of a word. */
const minUnmistakableLength = 8;

/**
 * Matches the client ID, which is ASCII, in any case, with each character plain or percent-encoded. An unknown client ID is empty and
 * matches nothing.
 */
function clientIdPattern(clientId: string): RegExp {
  const characters = Array.from(clientId, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return `(?:\\u{${code}}|%${code})`;
  });
  const id = clientId === '' ? '(?!)' : characters.join('');
  if (characters.length >= minUnmistakableLength) return new RegExp(id, 'giu');
  return new RegExp(`(?<![\\w-]|%[0-9a-f]?)${id}(?![\\w-])|(?<=%[0-9a-f]{2})${id}(?![\\w-])`, 'giu');
}
