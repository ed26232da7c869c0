import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { noiseBytes } from 'sample-photos/noise';
import { pngChunk } from 'sample-photos/png';

/** A picture that no encoder here can make. pictures/README.md says where it comes from. */
export function readPicture(name: 'portrait.avif' | 'progressive.jpg'): Buffer {
  return readFileSync(join(__dirname, 'pictures', name));
}

/** Inserts EXIF data with an orientation and a location into a JPEG (Exif 2.32, 4.6). */
export function withExif(jpeg: Buffer, orientation: number): Buffer {
  const entry = (tag: number, type: number, count: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt32BE(count, 4);
    return Buffer.concat([head, value]);
  };
  const directory = (...entries: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from([0, entries.length]), ...entries, Buffer.alloc(4)]);
  const gpsAt = 8 + 2 + 2 * 12 + 4;
  const tiff = Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    directory(
      entry(0x0112, 3, 1, Buffer.from([0, orientation, 0, 0])),
      entry(0x8825, 4, 1, Buffer.from([0, 0, 0, gpsAt])),
    ),
    directory(entry(1, 2, 2, Buffer.from('N\0\0\0', 'latin1'))),
  ]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from('Exif\0\0', 'latin1'), tiff]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** The markers of a JPEG's segments before its first scan. */
export function segmentsOf(jpeg: Buffer): number[] {
  const markers: number[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) markers.push(jpeg.readUInt8(at + 1));
  return markers;
}

/** Makes a PNG of noise with 16 bits a sample. Its left half is transparent. */
export function makeDeepPng(width: number, height: number): Buffer {
  const row = (y: number): Buffer => {
    const pixels = noiseBytes(`row ${y}`, width * 8);
    for (let x = 0; x < width; x++) pixels.writeUInt16BE(x < width / 2 ? 0 : 0xffff, x * 8 + 6);
    return Buffer.concat([Buffer.from([0]), pixels]);
  };
  return png(width, height, 16, 6, deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y)))));
}

/** Makes a PNG of black pixels, 1 bit each: a small file of many pixels. */
export function makeHugePng(edge: number): Buffer {
  return png(edge, edge, 1, 0, deflateSync(Buffer.alloc(edge * (1 + Math.ceil(edge / 8)))));
}

function png(width: number, height: number, bitDepth: number, colourType: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Makes an animated GIF with a frame for each colour: noise, all pixels of which are near that colour. */
export function makeGif(edge: number, colours: readonly (readonly [number, number, number])[]): Buffer {
  const frames = colours.map((_, index) => {
    // With 8 bits a code, and a clear code before they would need 9, GIF's compression is not needed.
    const pixels = noiseBytes(`frame ${index}`, edge * edge).map((byte) => (byte & 15) + 16 * index);
    const codes: number[] = [];
    pixels.forEach((pixel, at) => codes.push(...(at % 120 === 0 ? [128] : []), pixel));
    const data = Buffer.from([...codes, 129]);
    const blocks: Buffer[] = [];
    for (let at = 0; at < data.length; at += 255) {
      const block = data.subarray(at, at + 255);
      blocks.push(Buffer.from([block.length]), block);
    }
    const image = Buffer.alloc(10);
    image.writeUInt8(0x2c);
    image.writeUInt16LE(edge, 5);
    image.writeUInt16LE(edge, 7);
    return Buffer.concat([
      Buffer.from([0x21, 0xf9, 4, 4, 1, 0, 0, 0]),
      image,
      Buffer.from([7]),
      ...blocks,
      Buffer.from([0]),
    ]);
  });
  const size = Buffer.alloc(4);
  size.writeUInt16LE(edge, 0);
  size.writeUInt16LE(edge, 2);
  const palette = Array.from({ length: 128 }, (_, at) => {
    const colour = colours[at >> 4] ?? [0, 0, 0];
    return colour.map((level) => Math.max(0, level - 4 * (at & 15)));
  });
  return Buffer.concat([
    Buffer.from('GIF89a'),
    size,
    Buffer.from([0xf6, 0, 0, ...palette.flat()]),
    ...frames,
    Buffer.from(';'),
  ]);
}
