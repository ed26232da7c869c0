import { describe, expect, it } from '@jest/globals';
import { makeJpeg } from 'sample-photos/jpeg';
import { findKeyLeaks, findPhotoLeaks, unescaped, WrittenText } from './leaks';

const photo = makeJpeg({ bytes: 36_000, seed: 1 });
/** Some bytes from the middle of the photo. */
const piece = (from: number, bytes = 40): Buffer => photo.subarray(from, from + bytes);
const written = (text: string): WrittenText => new WrittenText(`before it ${text} behind it`);

describe('the search for leaks', () => {
  it.each([20_000, 20_001, 20_002])('finds base64 of some bytes from byte %d on', (from) => {
    expect(findPhotoLeaks(written(piece(from).toString('base64')), photo)).not.toEqual([]);
  });

  it.each([
    ['the start of what is sent', photo.toString('base64').slice(0, 24)],
    ['24 characters of what is sent', photo.toString('base64').slice(30_001, 30_025)],
    ['hex', piece(10_000).toString('hex')],
    ['a printed buffer', piece(10_000).toString('hex').replaceAll(/../g, '$& ')],
    ['numbers', JSON.stringify(piece(10_000))],
    ['bytes as they are', piece(10_000).toString('latin1')],
    ['bytes as if they were text', piece(10_000).toString('utf8')],
    ['bytes as JSON writes them', unescaped(JSON.stringify({ detail: piece(10_000).toString('latin1') }))],
  ])('finds %s', (_, text) => {
    expect(findPhotoLeaks(written(text), photo)).not.toEqual([]);
  });

  it('finds nothing of another photo', () => {
    const other = makeJpeg({ bytes: 36_000, seed: 2 }).subarray(20_000, 20_040).toString('base64');
    expect(findPhotoLeaks(written(other), photo)).toEqual([]);
  });

  it('finds nine characters of a key, from anywhere in it, and not eight', () => {
    const key = 'live_abcdefghijklmnop';
    expect(findKeyLeaks(written('defghijkl'), key)).toEqual(['defghijkl']);
    expect(findKeyLeaks(written('defghijk'), key)).toEqual([]);
  });
});
