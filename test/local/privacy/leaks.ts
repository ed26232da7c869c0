/** This many consecutive characters of an encoded photo are a leak. */
const leastPhotoChars = 24;
/** This many consecutive characters of an API key are a leak. */
const leastKeyChars = 9;

const anchorChars = leastPhotoChars / 2;

/** Text with an index that makes the search for parts of photos fast. */
export class WrittenText {
  /** The positions of pieces of the text with a length of `anchorChars`. */
  private readonly anchors = new Map<string, number[]>();

  constructor(readonly text: string) {
    for (let at = 0; at + anchorChars <= text.length; at += anchorChars) {
      const piece = text.slice(at, at + anchorChars);
      const places = this.anchors.get(piece) ?? [];
      places.push(at);
      this.anchors.set(piece, places);
    }
  }

  /** The first part of a secret with at least this length in the text, or undefined. */
  findPart(secret: string, leastChars: number): string | undefined {
    for (let at = 0; at + anchorChars <= secret.length; at++) {
      for (const place of this.anchors.get(secret.slice(at, at + anchorChars)) ?? []) {
        const part = this.grow(secret, at, place);
        if (part.length >= leastChars) return part;
      }
    }
    return undefined;
  }

  /** The longest common part of secret and text around a position. */
  private grow(secret: string, at: number, place: number): string {
    let [from, to] = [0, anchorChars];
    while (at - from > 0 && place - from > 0 && secret[at - from - 1] === this.text[place - from - 1]) from += 1;
    while (at + to < secret.length && place + to < this.text.length && secret[at + to] === this.text[place + to])
      to += 1;
    return secret.slice(at - from, at + to);
  }
}

/** Encodings in which a part of a photo could be written. */
const encodings: Readonly<Record<string, (photo: Buffer) => string>> = {
  base64: (photo) => photo.toString('base64'),
  'base64 from the second byte': (photo) => photo.subarray(1).toString('base64'),
  'base64 from the third byte': (photo) => photo.subarray(2).toString('base64'),
  base64url: (photo) => photo.toString('base64url'),
  hex: (photo) => photo.toString('hex'),
  'hex, as Node prints buffers': (photo) => photo.toString('hex').replaceAll(/..(?!$)/g, '$& '),
  latin1: (photo) => photo.toString('latin1'),
  'UTF-8': (photo) => photo.toString('utf8'),
  numbers: (photo) => photo.join(','),
};

/** @returns parts of a photo in a text, in any encoding. */
export function findPhotoLeaks(written: WrittenText, photo: Buffer): string[] {
  return Object.entries(encodings).flatMap(([name, encode]) => {
    const part = written.findPart(encode(photo), leastPhotoChars);
    return part === undefined ? [] : [`${name}: ${JSON.stringify(part.slice(0, 60))}`];
  });
}

/** @returns parts of a key in a text. */
export function findKeyLeaks({ text }: WrittenText, key: string): string[] {
  const parts = Array.from({ length: key.length - leastKeyChars + 1 }, (_, at) => key.slice(at, at + leastKeyChars));
  return parts.filter((part) => text.includes(part));
}

/** The strings of a JSON line without JSON's escapes. */
export function unescaped(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    return stringsOf(value).join('\n');
  } catch {
    return line;
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, item]) => [name, ...stringsOf(item)]);
}
