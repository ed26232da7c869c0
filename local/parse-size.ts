import { UsageError } from '../cli/command-error';
import { photoSize } from '../contract/photo-rules';

const units = { '': 1, B: 1, KB: 1_000, MB: 1_000_000 } as const;

/** Parses the option `--size`: the size of a photo, in bytes, KB or MB. @throws UsageError if no photo may have it. */
export function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(B|KB|MB|)$/i.exec(text) ?? [];
  const bytes = Number(number) * units[unit.toUpperCase() as keyof typeof units];
  if (number === '' || !Number.isInteger(bytes)) {
    throw new UsageError(`--size must be a number of bytes, KB or MB, such as 500KB, not '${text}'`);
  }
  const { minBytes, maxBytes } = photoSize;
  if (bytes < minBytes || bytes > maxBytes) {
    throw new UsageError(`--size must be from ${minBytes} to ${maxBytes} bytes, as ComplyCube requires, not ${text}`);
  }
  return bytes;
}
