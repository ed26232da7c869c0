import type { WriteStream } from 'node:tty';

/** Colours text for a terminal. */
export type Paint = (colour: 'green' | 'red' | 'dim', text: string) => string;

/** @returns a {@link Paint} that adds no colour if the stream is not a terminal or NO_COLOR is set. */
export function paintFor(stream: Pick<WriteStream, 'isTTY'>, variables = process.env): Paint {
  const codes = { green: 32, red: 31, dim: 2 };
  const isColoured = stream.isTTY && (variables['NO_COLOR'] ?? '') === '';
  return (colour, text) => (isColoured ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text);
}
