import { describe, expect, it } from '@jest/globals';
import { makeJpeg } from 'sample-photos/jpeg';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ArrivingImage } from '../../../lambda/photo/arriving-image';
import { RetryLaterError } from '../../../lambda/retry-later-error';
import { startImage } from '../fixtures/arriving-images';

const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });

describe('ArrivingImage', () => {
  it('returns its start when it has arrived, and the rest later', async () => {
    const { stream, image } = startImage(6);
    const start = image.until(2);
    const all = image.until(100);
    stream.push(Buffer.from('abc'));
    await expect(start).resolves.toEqual(Buffer.from('abc'));
    stream.push(Buffer.from('def'));
    await expect(all).resolves.toEqual(Buffer.from('abcdef'));
    await expect(image.until(1)).resolves.toEqual(Buffer.from('abcdef'));
  });

  it('checks the complete image, once', async () => {
    const { stream, image } = startImage(jpeg.length);
    const faults = [image.fault(), image.fault()];
    stream.push(jpeg.subarray(0, 30_000));
    stream.push(jpeg.subarray(30_000));
    await expect(Promise.all(faults)).resolves.toEqual([undefined, undefined]);
    expect(image.fault()).toBe(faults[0]);
  });

  it('reports why the image is invalid', async () => {
    const { stream, image } = startImage(20_000);
    stream.push(jpeg.subarray(0, 20_000));
    await expect(image.fault()).resolves.toMatchObject({ reason: 'image-damaged' });
  });

  it.each<[string, (stream: ReturnType<typeof startImage>['stream']) => void]>([
    ['ends early', (stream) => stream.push(null)],
    ['breaks off', (stream) => stream.destroy(new Error('reset'))],
    ['is closed', (stream) => stream.destroy()],
    ['is longer than announced', (stream) => stream.push(Buffer.alloc(10))],
  ])('fails for current and later callers if the body %s', async (_, end) => {
    const { stream, image } = startImage(6);
    const waiting = [image.until(1), image.until(6), image.fault()];
    end(stream);
    for (const promise of waiting) await expect(promise).rejects.toMatchObject({ code: 's3-failed' });
    await expect(image.until(1)).rejects.toMatchObject({ code: 's3-failed' });
  });

  it.each<[string, Error | undefined]>([
    ['breaks', new Error('reset')],
    ['is closed', undefined],
  ])('fails for all callers if the body %s before it is read', async (_, cause) => {
    const stream = new Readable({ read: () => undefined });
    stream.on('error', () => undefined).destroy(cause);
    await new Promise((resolve) => stream.once('close', resolve));
    const image = new ArrivingImage(stream, 6, Buffer.alloc(6));
    await expect(image.until(1)).rejects.toMatchObject({ code: 's3-failed' });
    await expect(image.fault()).rejects.toMatchObject({ code: 's3-failed', cause: cause ?? null });
  });

  it('fails with the reason of the abort', async () => {
    const { stream, image } = startImage(6);
    const reason = new RetryLaterError('deadline-exceeded', 'too late');
    stream.destroy(reason);
    await expect(image.until(6)).rejects.toBe(reason);
  });

  it('stays readable if the body breaks after its last byte', async () => {
    const { stream, image } = startImage(3);
    stream.push(Buffer.from('abc'));
    await image.until(3);
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    await expect(image.until(3)).resolves.toEqual(Buffer.from('abc'));
  });

  it('fails for more bytes than announced, and does not store them', async () => {
    const { stream, buffer, image } = startImage(6, 100);
    stream.push(Buffer.from('abc'));
    await image.until(3);
    stream.push(Buffer.alloc(50, 'x'));
    await expect(image.until(6)).rejects.toThrow('more bytes than it announced');
    expect(stream.destroyed).toBe(true);
    expect(buffer.includes('x')).toBe(false);
  });

  it('gives its buffer back once, however often it is released, and fails for current and later callers', async () => {
    let releases = 0;
    const stream = new Readable({ read: () => undefined });
    const image = new ArrivingImage(stream, 6, Buffer.alloc(6), () => releases++);
    const waiting = [image.until(1), image.fault()];
    image.release();
    image.release();
    expect(releases).toBe(1);
    for (const promise of [...waiting, image.until(1)]) {
      await expect(promise).rejects.toMatchObject({ code: 's3-failed' });
    }
  });

  it('does not keep the bytes of a small photo, which has its own buffer, after its release', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const stream = new Readable({ read: () => undefined });
    const startToRead = () => {
      const buffer = Buffer.alloc(jpeg.length);
      return { bytes: new WeakRef(buffer.buffer), image: new ArrivingImage(stream, jpeg.length, buffer) };
    };
    const { bytes, image } = startToRead();
    stream.push(jpeg);
    await image.fault();
    image.release();
    await new Promise(setImmediate);
    collectGarbage();
    expect(bytes.deref()).toBeUndefined();
    expect(image.isReleased).toBe(true);
  });
});
