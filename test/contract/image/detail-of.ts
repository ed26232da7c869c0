import { expect } from '@jest/globals';
import { validateImage } from '../../../contract/image/image';
import { crc32 } from 'node:zlib';

/** How a JPEG or PNG is damaged. Undefined: it is whole. */
export function detailOf(bytes: Uint8Array): string | undefined {
  const fault = validateImage(bytes, crc32);
  if (fault !== undefined) expect(fault.reason).toBe('image-damaged');
  return fault?.detail;
}
