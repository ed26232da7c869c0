import { describe, expect, it } from '@jest/globals';
import { makeCameraPhoto } from '../../bench/photo';
import { validateImage } from '../../contract/image/image';
import { crc32 } from 'node:zlib';

describe('makeCameraPhoto', () => {
  it.each([40_000, 500_000, 4_000_000])(
    'makes a valid JPEG of %d bytes whose scan begins within the first KB',
    (bytes) => {
      const photo = makeCameraPhoto(bytes);
      expect(photo).toHaveLength(bytes);
      expect(validateImage(photo, crc32)).toBeUndefined();
      expect(photo.lastIndexOf(Buffer.from([0xff, 0xda]))).toBeLessThan(1_000);
    },
  );
});
