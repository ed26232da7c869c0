import { noiseBytes } from './noise';

/** File types that people upload instead of a JPEG or PNG. */
export type NotAPhotoKind = 'gif' | 'heic' | 'webp' | 'pdf' | 'html';

/**
 * Makes a file of another type with exactly `bytes` bytes: a real signature, then noise.
 * @param bytes at least 200.
 * @throws RangeError if that is too small for the signature.
 */
export function makeNotAPhoto(kind: NotAPhotoKind, bytes: number): Buffer {
  const { start, end } = looks[kind](bytes);
  const between = bytes - start.length - end.length;
  if (between < 0) throw new RangeError(`A ${kind} file of ${bytes} bytes is too small`);
  // HTML is text: base64 has no character that would end its comment.
  const noise = noiseBytes(`not a photo: ${kind}`, between);
  const contents = kind === 'html' ? Buffer.from(noise.toString('base64').slice(0, between)) : noise;
  return Buffer.concat([start, contents, end]);
}

interface Look {
  start: Buffer;
  end: Buffer;
}

const nothing = Buffer.alloc(0);

const looks: Readonly<Record<NotAPhotoKind, (bytes: number) => Look>> = {
  // Signature, then a logical screen of 480 x 640 without a colour table.
  gif: () => ({ start: Buffer.from('474946383961e0018002000000', 'hex'), end: Buffer.from([0x3b]) }),
  // An ISO base media file: the `ftyp` box names the brand that phones write, and one `mdat` box holds the rest.
  heic: (bytes) => {
    const boxes = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0mdat', 'latin1');
    boxes.writeUInt32BE(bytes - 24, 24);
    return { start: boxes, end: nothing };
  },
  webp: (bytes) => {
    const riff = Buffer.from('RIFF\0\0\0\0WEBPVP8 \0\0\0\0', 'latin1');
    riff.writeUInt32LE(bytes - 8, 4);
    riff.writeUInt32LE(bytes - 20, 16);
    return { start: riff, end: nothing };
  },
  pdf: () => ({ start: Buffer.from('%PDF-1.7\n'), end: Buffer.from('\ntrailer\n<< >>\n%%EOF\n') }),
  html: () => ({
    start: Buffer.from('<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to see this photo.</p>\n<!-- '),
    end: Buffer.from(' -->\n'),
  }),
};
