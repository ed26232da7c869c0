import { expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { cutOff, flipByteInPngChunk } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { makePng } from 'sample-photos/png';
import { validateImage } from '../../../contract/image/image';
import { photoSize, validateSize } from '../../../contract/photo-rules';
import { describeBrowserPage } from './browser-page';

const jpeg = makeJpeg({ bytes: 60_000, seed: 1 });
const png = makePng({ bytes: 60_000, seed: 1 });

describeBrowserPage('checkPhoto', (opened) => {
  const check = async (photo: Buffer): Promise<unknown> => {
    opened().serve('photo', photo);
    return opened().page.evaluate(async () => window.livePhotos.checkPhoto(await window.load('photo')));
  };

  it.each([
    ['image/jpeg', 'a JPEG', jpeg],
    ['image/png', 'a PNG', png],
    ['image/png', 'a PNG without its end chunk', png.subarray(0, -12)],
    ['image/jpeg', 'a JPEG of 4 MB', makeJpeg({ bytes: photoSize.maxBytes, seed: 2 })],
  ])('finds by its content that it is %s: %s', async (contentType, _, photo) => {
    expect(await check(photo)).toEqual({ status: 'fine', contentType });
  });

  it.each([
    ['a JPEG of 12 KB', makeJpeg({ bytes: 12_000, seed: 3 })],
    ['a photo of more than 4 MB', Buffer.concat([jpeg, Buffer.alloc(photoSize.maxBytes)])],
    ['a HEIC', makeNotAPhoto('heic', 50_000)],
    ['text', Buffer.from('no picture '.repeat(5_000))],
    ['a JPEG that is cut off', cutOff(jpeg, 40_000)],
    ['a PNG that is cut off', cutOff(png, 40_000)],
    ['a damaged PNG', flipByteInPngChunk(png)],
  ])('refuses %s with the function’s reason and message', async (_, photo) => {
    const rejected = validateSize(photo.length) ?? validateImage(photo, crc32);
    expect(await check(photo)).toEqual({
      status: 'refused',
      reason: rejected?.reason,
      detail: rejected?.detail,
      text: expect.stringMatching(/\.$/),
    });
  });

  it('replaces a text for people', async () => {
    const { text } = await opened().page.evaluate(async () => {
      const checked = await window.livePhotos.checkPhoto(new Blob(), { texts: { 'too-small': 'Zu klein.' } });
      return checked.status === 'refused' ? checked : { text: '' };
    });
    expect(text).toBe('Zu klein.');
  });
});
