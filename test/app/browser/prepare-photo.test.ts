import { beforeAll, describe, expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { cutOff, flipByteInPngChunk } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { makePng } from 'sample-photos/png';
import { validateImage } from '../../../contract/image/image';
import { validateSize } from '../../../contract/photo-rules';
import { type BrowserPage, describeBrowserPage } from './browser-page';
import { makeDeepPng, makeGif, makeHugePng, readPicture, segmentsOf, withExif } from './pictures';
import { type Picture, prepare, type Prepared } from './prepared';

/** APP0 (JFIF), APP2 (Chromium's colour profile), and the segments without which no JPEG can be decoded. */
const withoutMetadata = [0xe0, 0xe2, 0xdb, 0xc0, 0xc4, 0xdd];

function expectPhoto({ result, bytes }: Prepared): void {
  expect(result).toMatchObject({ status: 'encoded', contentType: 'image/jpeg' });
  expect(validateSize(bytes.length)).toBeUndefined();
  expect(validateImage(bytes, crc32)).toBeUndefined();
  expect(segmentsOf(bytes).filter((marker) => !withoutMetadata.includes(marker))).toEqual([]);
}

function expectColours({ corners }: Prepared, expected: readonly (readonly number[])[]): void {
  const isNear = (colour: readonly number[], other: readonly number[] = []): boolean =>
    colour.every((level, channel) => Math.abs(level - (other[channel] ?? NaN)) < 40);
  expect(corners).toHaveLength(expected.length);
  expect(corners.filter((colour, at) => !isNear(colour, expected[at]))).toEqual([]);
}

const largePng = makePng({ bytes: 5_000_000, seed: 3 });

/** Changes the headers of a JPEG to lossless coding (SOF3, predictor 1). Chromium has no decoder for it. */
const withLosslessCoding = (jpeg: Buffer): Buffer => {
  const changed = Buffer.from(jpeg);
  changed.writeUInt8(0xc3, changed.lastIndexOf(Buffer.from([0xff, 0xc0])) + 1);
  const scanAt = changed.lastIndexOf(Buffer.from([0xff, 0xda]));
  changed.set([1, 0, 0], scanAt + 5 + 2 * changed.readUInt8(scanAt + 4));
  return changed;
};

const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];
const yellow = [255, 255, 0];

/** @returns what the promise is rejected with, if the app's callback throws. */
async function prepareWithBrokenProgress({ page }: BrowserPage, share: number): Promise<string> {
  return page.evaluate(async (broken) => {
    const onProgress = (done: number): void => {
      if (done === broken) throw new Error('bug of the app');
    };
    const file = await window.draw(1000, 800).convertToBlob();
    return window.livePhotos.preparePhoto(file, { stripMetadata: true, onProgress }).then(
      ({ status }) => status,
      (error: unknown) => String(error),
    );
  }, share);
}

describeBrowserPage('preparePhoto', (opened) => {
  const prepareFile = (bytes: Uint8Array, stripMetadata?: boolean): Promise<Prepared> => {
    opened().serve('photo', bytes);
    return prepare(opened(), { file: 'photo' }, stripMetadata);
  };

  it.each([
    ['JPEG', 'image/jpeg', makeJpeg({ bytes: 300_000, seed: 1 })],
    ['PNG', 'image/png', makePng({ bytes: 60_000, seed: 1 })],
    ['JPEG with a location', 'image/jpeg', withExif(makeJpeg({ bytes: 60_000, seed: 1 }), 6)],
  ])('returns a fine %s byte for byte', async (_, contentType, photo) => {
    const { result, isSame, bytes } = await prepareFile(photo);
    expect(result).toEqual({ status: 'unchanged', contentType });
    expect(isSame).toBe(true);
    expect(bytes.equals(photo)).toBe(true);
  });

  it.each([
    ['12 megapixels', { width: 4000, height: 3000, type: 'image/jpeg' }, { width: 2560, height: 1920 }],
    ['24 megapixels', { width: 4000, height: 6000, type: 'image/jpeg' }, { width: 1707, height: 2560 }],
    ['12 megapixels as PNG', { width: 4000, height: 3000, type: 'image/png' }, { width: 2560, height: 1920 }],
    ['3 megapixels as WebP', { width: 2000, height: 1500, type: 'image/webp' }, { width: 2000, height: 1500 }],
  ])('turns a photo of %s into a JPEG', async (_, picture: Picture, size) => {
    const prepared = await prepare(opened(), picture, true);
    expectPhoto(prepared);
    expectColours(prepared, [red, green, blue, yellow]);
    expect(prepared.result).toMatchObject(size);
    expect(prepared.slowCalls).not.toContain('decode');
    expect(prepared.slowCalls).not.toContain('encode');
    expect(prepared.progress).toEqual([...prepared.progress].sort((a, b) => a - b));
    expect(prepared.progress.at(-1)).toBe(1);
  });

  it('reads and checks a file of more than 4 MB in its worker', async () => {
    const { result, slowCalls } = await prepareFile(makeDeepPng(900, 900));
    expect(result).toMatchObject({ status: 'encoded' });
    expect(slowCalls).toEqual([]);
  });

  describe('with EXIF data', () => {
    let upright: Buffer;
    beforeAll(async () => {
      const base64 = await opened().page.evaluate(async () =>
        window.toBase64(await window.draw(800, 600).convertToBlob({ type: 'image/jpeg', quality: 0.95 })),
      );
      upright = Buffer.from(base64, 'base64');
    });

    // Each orientation says where the picture's first row and column are to be shown (Exif 2.32, 4.6.4, "Orientation").
    it.each([
      [1, [red, green, blue, yellow]],
      [2, [green, red, yellow, blue]],
      [3, [blue, yellow, red, green]],
      [4, [yellow, blue, green, red]],
      [5, [red, yellow, blue, green]],
      [6, [yellow, red, green, blue]],
      [7, [blue, green, red, yellow]],
      [8, [green, blue, yellow, red]],
    ])('applies the orientation %i, and removes the location', async (orientation, corners) => {
      const prepared = await prepareFile(withExif(upright, orientation), true);
      expectPhoto(prepared);
      expectColours(prepared, corners);
      const isTurned = orientation > 4;
      expect(prepared.result).toMatchObject(isTurned ? { width: 600, height: 800 } : { width: 800, height: 600 });
      expect(prepared.bytes.includes('Exif')).toBe(false);
    });
  });

  it('opens a progressive JPEG', async () => {
    expectPhoto(await prepareFile(readPicture('progressive.jpg')));
  });

  it('opens an AVIF', async () => {
    const prepared = await prepareFile(readPicture('portrait.avif'));
    expectPhoto(prepared);
    expect(prepared.result).toMatchObject({ width: 480, height: 640 });
  });

  it('opens a PNG with 16 bits a sample, and makes its transparent half white', async () => {
    const prepared = await prepareFile(makeDeepPng(800, 800));
    expectPhoto(prepared);
    expectColours({ ...prepared, corners: [prepared.corners[0] ?? [], prepared.corners[3] ?? []] }, [
      [255, 255, 255],
      [255, 255, 255],
    ]);
  });

  it('takes the first frame of an animated picture', async () => {
    const frames = [
      [255, 60, 60],
      [60, 60, 255],
    ] as const;
    const prepared = await prepareFile(makeGif(300, frames));
    expectPhoto(prepared);
    const [[level = 0, , blueLevel = 255] = []] = prepared.corners;
    expect(level).toBeGreaterThan(blueLevel + 100);
  });

  it('opens a picture that the browser shows only as an element', async () => {
    const squares = Array.from({ length: 3600 }, (_, index) => {
      const colour = ((index * 48271) % 4096).toString(16).padStart(3, '0');
      return `<rect x="${(index % 60) * 15}" y="${Math.floor(index / 60) * 15}" width="15" height="15" fill="#${colour}"/>`;
    });
    const result = await opened().page.evaluate(
      (text) => window.livePhotos.preparePhoto(new Blob([text], { type: 'image/svg+xml' })),
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900">${squares.join('')}</svg>`,
    );
    expect(result).toMatchObject({ status: 'encoded', width: 900, height: 900 });
  });

  it('lowers the quality until the photo has at most 4 MB', async () => {
    const { quality, bytes } = await opened().page.evaluate(async () => {
      const noise = new ImageData(2560, 2560);
      for (let at = 0; at < noise.data.length; at += 10_000) {
        crypto.getRandomValues(noise.data.subarray(at, at + 10_000));
      }
      const canvas = new OffscreenCanvas(2560, 2560);
      canvas.getContext('2d')?.putImageData(noise, 0, 0);
      const prepared = await window.livePhotos.preparePhoto(await canvas.convertToBlob());
      return prepared.status === 'encoded' ? { quality: prepared.quality, bytes: prepared.photo.size } : {};
    });
    expect(quality).toBeLessThan(0.92);
    expect(validateSize(bytes ?? 0)).toBeUndefined();
  });

  it('raises the quality of a picture with few pixels to reach 34 KB, but does not enlarge it', async () => {
    const prepared = await prepare(opened(), { width: 200, height: 200, type: 'image/png' }, true);
    expectPhoto(prepared);
    expect(prepared.result).toMatchObject({ width: 200, height: 200, quality: 1 });
  });

  it('refuses a picture with too few pixels for 34 KB', async () => {
    const { result } = await prepare(opened(), { width: 60, height: 60, type: 'image/png' });
    expect(result).toMatchObject({ status: 'refused', reason: 'too-small' });
  });

  it('refuses a picture with too many pixels without decoding it', async () => {
    const { result } = await prepareFile(makeHugePng(12_000), true);
    expect(result).toMatchObject({ status: 'refused', reason: 'too-many-pixels' });
  });

  it.each([
    ['a JPEG that is cut off', cutOff(makeJpeg({ bytes: 900_000, seed: 1 })), 'image-damaged', 'cut off'],
    ['a damaged PNG', flipByteInPngChunk(makePng({ bytes: 60_000, seed: 2 })), 'image-damaged', 'wrong CRC'],
    ['a damaged PNG of more than 4 MB', flipByteInPngChunk(largePng), 'image-damaged', 'wrong CRC'],
    ['an empty file', Buffer.alloc(0), 'too-small', '0 bytes'],
    ['a short text', Buffer.from('no picture'), 'not-jpeg-or-png', 'something else'],
    ['a text of more than 4 MB', Buffer.alloc(5_000_000, 'no picture'), 'not-jpeg-or-png', 'something else'],
    ['zeros', Buffer.alloc(50_000), 'not-jpeg-or-png', 'something else'],
    ['text', Buffer.from('no picture '.repeat(5_000)), 'not-jpeg-or-png', 'something else'],
    ['a damaged WebP', makeNotAPhoto('webp', 50_000), 'not-jpeg-or-png', 'but WebP'],
    ['a HEIC', makeNotAPhoto('heic', 50_000), 'heic-not-supported', 'but HEIC'],
  ])('refuses %s', async (_, bytes, reason, detail) => {
    const { result } = await prepareFile(bytes);
    expect(result).toEqual({
      status: 'refused',
      reason,
      text: expect.stringMatching(/\./),
      detail: expect.stringContaining(detail),
    });
  });

  it.each([
    ['a PNG without its end chunk', largePng.subarray(0, -12)],
    ['a JPEG with lossless coding', withLosslessCoding(makeJpeg({ bytes: 300_000, seed: 4 }))],
  ])('says that this browser can’t open %s, which the function accepts', async (_, bytes) => {
    const { result } = await prepareFile(bytes, true);
    expect(result).toMatchObject({
      status: 'refused',
      reason: 'not-decodable',
      text: expect.stringContaining('browser'),
    });
  });

  it.each([0.1, 0.5, 0.7, 1])('is rejected with what the app’s onProgress throws at %d of the work', async (share) => {
    expect(await prepareWithBrokenProgress(opened(), share)).toBe('Error: bug of the app');
  });

  it('refuses a file that can’t be read', async () => {
    const result = await opened().page.evaluate(() => {
      const file = new Blob(['x'.repeat(50_000)]);
      file.arrayBuffer = () => Promise.reject(new DOMException('The file was moved', 'NotFoundError'));
      return window.livePhotos.preparePhoto(file, { texts: { 'file-unreadable': 'Datei nicht lesbar' } });
    });
    expect(result).toMatchObject({ reason: 'file-unreadable', text: 'Datei nicht lesbar' });
  });

  it('refuses a file of more than 100 MB without reading it', async () => {
    const result = await opened().page.evaluate(() => {
      const file = new Blob([new Uint8Array(100_000_001)]);
      file.arrayBuffer = () => Promise.reject(new Error('read'));
      return window.livePhotos.preparePhoto(file);
    });
    expect(result).toMatchObject({ reason: 'too-large' });
  });

  describe('with a decoder of the app', () => {
    beforeAll(() => opened().serve('photo.heic', makeNotAPhoto('heic', 50_000)));

    it('opens a HEIC', async () => {
      const result = await opened().page.evaluate(async () => {
        const decode = (): Promise<ImageBitmap> => createImageBitmap(window.draw(3000, 600));
        return window.livePhotos.preparePhoto(await window.load('photo.heic'), { decode });
      });
      expect(result).toMatchObject({ status: 'encoded', originalWidth: 3000, width: 2560, height: 512 });
    });

    it('says why the decoder failed', async () => {
      const result = await opened().page.evaluate(async () => {
        const decode = (): Promise<ImageBitmap> => Promise.reject(new Error('no primary image'));
        return window.livePhotos.preparePhoto(await window.load('photo.heic'), { decode });
      });
      expect(result).toMatchObject({
        reason: 'heic-not-supported',
        detail: expect.stringContaining('no primary image'),
      });
    });
  });

  it.each([
    ['throws at once', "() => { throw new Error('no primary image'); }", 'no primary image'],
    ['gives no picture', '() => {}', 'HEIC'],
    ['gives a canvas', "async () => document.createElement('canvas')", 'DataCloneError'],
    [
      'gives a closed picture',
      'async () => { const picture = await createImageBitmap(new ImageData(9, 9)); picture.close(); return picture; }',
      'DataCloneError',
    ],
  ])('refuses a HEIC if the app’s decoder %s', async (_, decode, detail) => {
    opened().serve('photo.heic', makeNotAPhoto('heic', 50_000));
    const result = await opened().page.evaluate(
      `(async () => livePhotos.preparePhoto(await load('photo.heic'), { decode: ${decode} }))()`,
    );
    expect(result).toMatchObject({ reason: 'heic-not-supported', detail: expect.stringContaining(detail) });
  });

  it('refuses a picture whose pixels the browser keeps from pages', async () => {
    const html = '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>';
    const result = await opened().page.evaluate(
      (text) => window.livePhotos.preparePhoto(new Blob([text], { type: 'image/svg+xml' })),
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900">${html}</svg>`,
    );
    expect(result).toMatchObject({ status: 'refused', reason: 'not-jpeg-or-png' });
  });

  it('reports no progress after it was aborted', async () => {
    const shares = await opened().page.evaluate(async () => {
      const file = await window.draw(300, 200).convertToBlob();
      const end = new AbortController();
      const reported: number[] = [];
      let hasRead = (): void => {};
      const isRead = new Promise<void>((resolve) => (hasRead = resolve));
      file.arrayBuffer = async () => {
        end.abort();
        return Blob.prototype.arrayBuffer.call(file).finally(hasRead);
      };
      const onProgress = (share: number): number => reported.push(share);
      await window.livePhotos.preparePhoto(file, { onProgress, signal: end.signal }).catch(() => {});
      await isRead;
      // The work that follows the reading has begun when another file is prepared.
      await window.livePhotos.preparePhoto(new Blob(['x']));
      return reported;
    });
    expect(shares).toEqual([]);
  });

  it('does nothing if it is aborted before', async () => {
    const message = await opened().page.evaluate(() =>
      window.livePhotos
        .preparePhoto(new Blob(), { signal: AbortSignal.abort(new Error('enough')) })
        .then(String, (error: unknown) => String(error)),
    );
    expect(message).toBe('Error: enough');
  });

  it.each([0.1, 0.5])('stops at once if it is aborted at %d of the work, and ends its worker', async (at) => {
    const { page } = opened();
    const message = await page.evaluate(async (last) => {
      const file = await window.draw(3000, 2000).convertToBlob();
      const end = new AbortController();
      const onProgress = (share: number): void => {
        if (share === last) end.abort(new Error('enough'));
        if (share > last) throw new Error('went on');
      };
      return window.livePhotos
        .preparePhoto(file, { onProgress, signal: end.signal, stripMetadata: true })
        .then(String, (error: unknown) => String(error));
    }, at);
    expect(message).toBe('Error: enough');
    while (page.workers().length > 0) await page.workers()[0]?.waitForEvent('close');
  });
});

describeBrowserPage(
  'preparePhoto in a page that forbids workers and images from blob:',
  (opened) => {
    it('does the work in the page', async () => {
      const prepared = await prepare(opened(), { width: 3000, height: 2000, type: 'image/png' }, true);
      expectPhoto(prepared);
      expectColours(prepared, [red, green, blue, yellow]);
      expect(prepared.slowCalls).toEqual(['read', 'decode', 'encode']);
    });

    it.each([0.1, 0.5, 0.7, 1])(
      'is rejected with what the app’s onProgress throws at %d of the work',
      async (share) => {
        expect(await prepareWithBrokenProgress(opened(), share)).toBe('Error: bug of the app');
      },
    );

    it('refuses a picture if the browser has no memory left for a canvas', async () => {
      const result = await opened().page.evaluate(async () => {
        const file = await window.draw(300, 200).convertToBlob();
        OffscreenCanvas.prototype.getContext = () => null;
        return window.livePhotos.preparePhoto(file, { stripMetadata: true });
      });
      expect(result).toMatchObject({ reason: 'not-decodable', detail: expect.stringContaining('TypeError') });
    });
  },
  "default-src 'self'",
);
