import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPhotos } from '../../../local/start/load-photos';
import { UsageError } from '../../../cli/command-error';

describe('loading photos', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-photos-'));
    mkdirSync(join(folder, 'album', 'of', 'me'), { recursive: true });
    mkdirSync(join(folder, 'empty'));
    for (const file of [
      'photo.jpg',
      'notes.txt',
      'album/b.PNG',
      'album/a.jpeg',
      'album/of/me/ñ c.heic',
      'album/notes.txt',
      'album/jpg',
      'album/.hidden.jpg',
    ]) {
      writeFileSync(join(folder, file), file);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (...paths: string[]) =>
    loadPhotos(
      paths.map((path) => join(folder, path)),
      { 'client-id': 'the-client' },
    );
  const keys = (...paths: string[]) => load(...paths).map(({ key }) => key);

  it('uses the file’s name as the key, and sets the metadata', () => {
    expect(load('photo.jpg')).toEqual([
      {
        key: 'photo.jpg',
        bytes: Buffer.from('photo.jpg'),
        metadata: { 'client-id': 'the-client' },
        expected: 'uploaded',
      },
    ]);
  });

  it('includes a named file that is not a photo', () => {
    expect(keys('notes.txt')).toEqual(['notes.txt']);
  });

  it('includes the photos of a folder and its subfolders, with the folder’s name in the key', () => {
    expect(keys('album')).toEqual(['album/a.jpeg', 'album/b.PNG', 'album/of/me/ñ c.heic']);
    expect(keys('album/', 'album/../photo.jpg')).toEqual([...keys('album'), 'photo.jpg']);
    expect(keys('album/of')).toEqual(['of/me/ñ c.heic']);
  });

  it.each([
    ['a missing file', ['photo.jpg', 'missing.jpg'], "missing.jpg can't be read (the file does not exist)"],
    ['a folder without photos', ['empty'], 'No photos found in'],
    ['two files with the same key', ['album/a.jpeg', 'album/of/../a.jpeg'], 'the same key, a.jpeg'],
  ])('refuses %s', (_, paths, message) => {
    expect(() => load(...paths)).toThrow(UsageError);
    expect(() => load(...paths)).toThrow(message);
  });
});
