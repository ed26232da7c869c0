import type { WriteStream } from 'node:tty';

/** Colours text on a terminal and leaves it alone elsewhere. */
export type Paint = (colour: 'green' | 'red' | 'dim', text: string) => string;

/** @returns a {@link Paint} that colours only what a person sees on a terminal, and not against NO_COLOR. */
export function paintFor(stream: Pick<WriteStream, 'isTTY'>, variables = process.env): Paint {
  const codes = { green: 32, red: 31, dim: 2 };
  const isColoured = stream.isTTY && (variables['NO_COLOR'] ?? '') === '';
  return (colour, text) => (isColoured ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text);
}

/** Replaces control characters: a file's name may have some, and a terminal would obey them. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
