import { describe, expect, it } from '@jest/globals';
import { makeJpeg } from 'sample-photos/jpeg';
import { findKeyLeaks, findPhotoLeaks, unescaped, WrittenText } from './leaks';

const photo = makeJpeg({ bytes: 36_000, seed: 1 });
const piece = (from: number, bytes = 40): Buffer => photo.subarray(from, from + bytes);
const written = (text: string): WrittenText => new WrittenText(`before it ${text} after it`);

describe('the search for leaks', () => {
  it.each([20_000, 20_001, 20_002])('finds base64 of bytes that start at byte %d', (from) => {
    expect(findPhotoLeaks(written(piece(from).toString('base64')), photo)).not.toEqual([]);
  });

  it.each([
    ['the start of the encoded photo', photo.toString('base64').slice(0, 24)],
    ['24 characters of the encoded photo', photo.toString('base64').slice(30_001, 30_025)],
    ['hex', piece(10_000).toString('hex')],
    ['a printed buffer', piece(10_000).toString('hex').replaceAll(/../g, '$& ')],
    ['numbers', JSON.stringify(piece(10_000))],
    ['raw bytes', piece(10_000).toString('latin1')],
    ['bytes decoded as UTF-8', piece(10_000).toString('utf8')],
    ['bytes in a JSON string', unescaped(JSON.stringify({ detail: piece(10_000).toString('latin1') }))],
  ])('finds %s', (_, text) => {
    expect(findPhotoLeaks(written(text), photo)).not.toEqual([]);
  });

  it('ignores another photo', () => {
    const other = makeJpeg({ bytes: 36_000, seed: 2 }).subarray(20_000, 20_040).toString('base64');
    expect(findPhotoLeaks(written(other), photo)).toEqual([]);
  });

  it('finds nine consecutive characters of a key, but not eight', () => {
    const key = 'live_abcdefghijklmnop';
    expect(findKeyLeaks(written('defghijkl'), key)).toEqual(['defghijkl']);
    expect(findKeyLeaks(written('defghijk'), key)).toEqual([]);
  });
});
