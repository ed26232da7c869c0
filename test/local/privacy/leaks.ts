/** So much of a photo in one piece is a leak, in characters of whatever it is written in. */
const leastPhotoChars = 24;
/** So much of a key is. */
const leastKeyChars = 9;

const anchorChars = leastPhotoChars / 2;

/** Text that was written somewhere, in which parts of photos can be found fast. */
export class WrittenText {
  /** Where each piece of the text stands that begins at a multiple of its length. */
  private readonly anchors = new Map<string, number[]>();

  constructor(readonly text: string) {
    for (let at = 0; at + anchorChars <= text.length; at += anchorChars) {
      const piece = text.slice(at, at + anchorChars);
      const places = this.anchors.get(piece) ?? [];
      places.push(at);
      this.anchors.set(piece, places);
    }
  }

  /** The first part of a secret that stands in the text and is so long, or undefined. */
  findPart(secret: string, leastChars: number): string | undefined {
    for (let at = 0; at + anchorChars <= secret.length; at++) {
      for (const place of this.anchors.get(secret.slice(at, at + anchorChars)) ?? []) {
        const part = this.grow(secret, at, place);
        if (part.length >= leastChars) return part;
      }
    }
    return undefined;
  }

  /** What the secret and the text have in common around a place. */
  private grow(secret: string, at: number, place: number): string {
    let [from, to] = [0, anchorChars];
    while (at - from > 0 && place - from > 0 && secret[at - from - 1] === this.text[place - from - 1]) from += 1;
    while (at + to < secret.length && place + to < this.text.length && secret[at + to] === this.text[place + to])
      to += 1;
    return secret.slice(at - from, at + to);
  }
}

/** In what a part of a photo could be written: as it is sent, from any byte on; in hex; as it is; as a list of numbers. */
const writings: Readonly<Record<string, (photo: Buffer) => string>> = {
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

/** Every way in which a photo's bytes stand in a text: none, and it is well. */
export function findPhotoLeaks(written: WrittenText, photo: Buffer): string[] {
  return Object.entries(writings).flatMap(([name, write]) => {
    const part = written.findPart(write(photo), leastPhotoChars);
    return part === undefined ? [] : [`${name}: ${JSON.stringify(part.slice(0, 60))}`];
  });
}

/** Every part of a key that stands in a text and is long enough to tell of it. */
export function findKeyLeaks({ text }: WrittenText, key: string): string[] {
  const parts = Array.from({ length: key.length - leastKeyChars + 1 }, (_, at) => key.slice(at, at + leastKeyChars));
  return parts.filter((part) => text.includes(part));
}

/** What JSON escapes, as it is: two views of the same line. */
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
