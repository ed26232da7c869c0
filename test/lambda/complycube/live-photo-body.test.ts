import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import type { LivePhotoRequest } from '../../../contract/photo-rules';
import { encodeLivePhoto } from '../../../lambda/complycube/live-photo-body';
import type { ArrivingImage } from '../../../lambda/photo/arriving-image';
import { arrivedImage, startImage } from '../fixtures/arriving-images';

describe('encodeLivePhoto', () => {
  const encode = async (request: LivePhotoRequest, image: ArrivingImage) => {
    const body = encodeLivePhoto(request, image);
    const chunks: Buffer[] = [];
    for await (const chunk of body.chunks()) chunks.push(Buffer.from(chunk));
    return { declared: body.bytes, chunks, bytes: Buffer.concat(chunks) };
  };
  /** An image of any bytes that passes the check. */
  const anyImage = (bytes: Buffer): ArrivingImage =>
    Object.assign(arrivedImage(bytes), { fault: () => Promise.resolve(undefined) });
  const stringify = (request: LivePhotoRequest, image: Buffer) =>
    Buffer.from(JSON.stringify({ ...request, data: image.toString('base64') }));

  it('writes the same bytes as JSON.stringify', async () => {
    const clientIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    const flags = fc.option(fc.boolean(), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(clientIds, flags, fc.uint8Array({ maxLength: 1_000 }), async (clientId, flag, bytes) => {
        const request = { clientId, performLivenessCheck: flag };
        const image = Buffer.from(bytes);
        const { bytes: encoded, declared } = await encode(request, anyImage(image));
        expect(encoded.equals(stringify(request, image))).toBe(true);
        expect(declared).toBe(encoded.length);
      }),
    );
  });

  const slab = 48 * 1024;
  const piece = 24 * 1024;
  const around = (bytes: number) => [-3, -2, -1, 0, 1, 2, 3].map((more) => bytes + more);
  const slabs = [1, 2, 3, 85].flatMap((count) => around(count * slab));
  const pieces = [1, 9].flatMap((count) => around(count * piece));
  it.each([0, 1, 2, 3, 4, 5, 6, 7, ...pieces, ...slabs, ...around(4_000_000), ...around(4_194_304)])(
    'writes the same bytes for an image of %d bytes',
    async (size) => {
      const image = randomBytes(size);
      const request = { clientId: 'client' };
      const { bytes, declared, chunks } = await encode(request, anyImage(image));
      expect([bytes.equals(stringify(request, image)), declared === bytes.length]).toEqual([true, true]);
      expect(chunks).toHaveLength(Math.max(1, Math.ceil(size / slab)));
    },
  );

  it('sends a slab as soon as it has arrived', async () => {
    const { stream, image } = startImage(3 * slab);
    const chunks = encodeLivePhoto({ clientId: 'client' }, image).chunks()[Symbol.asyncIterator]();
    const first = chunks.next();
    stream.push(Buffer.alloc(slab));
    await expect(first).resolves.toMatchObject({ done: false });
  });

  it('never sends the last slab of a damaged image', async () => {
    const jpeg = makeJpeg({ bytes: 3 * slab, seed: 1 });
    const { bytes, chunks, declared } = await encode({ clientId: 'client' }, arrivedImage(cutOff(jpeg, 3 * slab - 10)));
    expect(chunks).toHaveLength(2);
    expect(bytes.length).toBeLessThan(declared);
  });

  it('fails when the image can’t be read', async () => {
    const { stream, image } = startImage(3 * slab);
    stream.push(null);
    await expect(encode({ clientId: 'client' }, image)).rejects.toThrow('fewer bytes');
  });
});
