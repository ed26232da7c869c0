import { describe, expect, it } from '@jest/globals';
import { decodePage, parseAnswer, UntrustedAnswerError } from '../../../lambda/complycube/parse-answer';

describe('a page of the list of live photos', () => {
  const list = (body: unknown, page = 1) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const decode = decodePage({ clientId: 'client', page });
    const answer = parseAnswer({ status: 200, headers: {}, body: Buffer.from(text) }, decode);
    return answer.kind === 'accepted' ? answer.value : answer;
  };
  const item = (id: string, more: object = {}) => ({ id, clientId: 'client', size: 7, ...more });
  const listed = (id: string, more: object = {}) => ({ id, size: 7, createdAtMs: undefined, ...more });
  const items = (count: number) => Array.from({ length: count }, (_, at) => item(`a${at}`));

  it.each([
    ['without items', { page: 1, pageSize: 100, totalItems: 0, pages: 0 }, 1],
    ['with null as items', { page: 1, pageSize: 100, totalItems: 0, pages: 0, items: null }, 1],
    ['with an empty list of items', { page: 1, pageSize: 100, totalItems: 0, pages: 0, items: [] }, 1],
    ['without the numbers that are 0', { page: 1, pageSize: 100 }, 1],
    ['with only the number of pages', { page: 1, pages: 1 }, 1],
    ['that counts an empty page', { page: 1, pageSize: 100, totalItems: 0, pages: 1 }, 1],
    ['with numbers as text', { page: '1', pageSize: '100', totalItems: '0', pages: '0' }, 1],
    ['after the last item', { page: 2, pageSize: 100, totalItems: 100, pages: 1 }, 2],
    ['with an empty list and only one other field', { pages: 0, items: [] }, 1],
  ])('is empty %s', (_, body, page) => {
    expect(list(body, page)).toEqual({ livePhotos: [], unnamed: [], pages: page });
  });

  it.each([
    ['an empty object', {}, 1],
    ['a list', [], 1],
    ['a list of live photos', [item('a')], 1],
    ['a message', { message: 'OK' }, 1],
    ['a message with a page', { message: 'OK', page: 1 }, 1],
    ['HTML', '<html></html>', 1],
    ['nothing', '', 1],
    ['only empty items', { items: [] }, 1],
    ['fields that are no numbers', { page: 'one', pageSize: null, totalItems: 'none', pages: true }, 1],
    ['items that are an object', { page: 1, pageSize: 100, totalItems: 1, pages: 1, items: { a: item('a') } }, 1],
    ['items that are text', { page: 1, pageSize: 100, totalItems: 1, pages: 1, items: 'none' }, 1],
    ['no items but a count of one', { page: 1, pageSize: 100, totalItems: 1, pages: 1 }, 1],
    ['empty items but a count of one', { page: 1, pageSize: 100, totalItems: '1', pages: 1, items: [] }, 1],
    ['no items on the last counted page', { page: 2, pageSize: 100, totalItems: 101, pages: 2 }, 2],
    ['no items and more pages', { page: 1, pageSize: 100, pages: 2 }, 1],
    ['another page', { page: 1, pageSize: 100, totalItems: 1, pages: 1, items: [item('a')] }, 2],
    ['only malformed items', { page: 1, pageSize: 100, totalItems: 2, pages: 1, items: [null, { size: 7 }] }, 1],
  ])('is untrusted if it is %s', (_, body, page) => {
    expect(() => list(body, page)).toThrow(UntrustedAnswerError);
  });

  it.each([
    ['null', null],
    ['a text', 'a'],
    ['a list', ['a']],
    ['an item without ID', { size: 7 }],
    ['an item whose ID no tag can hold', { id: 'a b' }],
    ['an item whose client is no text', { id: 'c', clientId: {} }],
  ])('returns the good items next to %s', (_, malformed) => {
    const body = { page: 1, pageSize: 100, totalItems: 3, pages: 1, items: [item('a'), malformed, item('b')] };
    expect(list(body)).toMatchObject({ livePhotos: [listed('a'), listed('b')], pages: 1 });
  });

  it('returns items without a client, and no items of other clients', () => {
    const all = [item('a', { clientId: 'other' }), { id: 'b', size: 7 }, item('c', { clientId: null }), item('d')];
    expect(list({ page: 1, pages: 1, items: all })).toEqual({
      livePhotos: [listed('b'), listed('c'), listed('d')],
      unnamed: [],
      pages: 1,
    });
    expect(list({ page: 1, pages: 3, items: all.slice(0, 1) })).toEqual({ livePhotos: [], unnamed: [], pages: 3 });
  });

  it.each([
    [7, 7],
    ['7', 7],
    [0, undefined],
    [-7, undefined],
    [7.5, undefined],
    ['7 KB', undefined],
    ['1e3', undefined],
    [' 7', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    [[7], undefined],
  ])('reads the size %j as %j', (size, bytes) => {
    expect(list({ page: 1, pages: 1, items: [item('a', { size })] })).toMatchObject({ livePhotos: [{ size: bytes }] });
  });

  it.each([
    ['2026-11-23T10:00:00.000Z', Date.UTC(2026, 10, 23, 10)],
    ['2026-11-23T10:00:00Z', Date.UTC(2026, 10, 23, 10)],
    ['2026-11-23T11:00:00+01:00', Date.UTC(2026, 10, 23, 10)],
    ['2000-01-01T00:00:00Z', Date.UTC(2000, 0)],
    ['+002026-11-23T10:00:00Z', undefined],
    [['2026-11-23T10:00:00Z'], undefined],
    ['2026-11-23T10:00:00', undefined], // of which time zone?
    ['2026-11-23', undefined],
    ['2026-13-45T10:00:00Z', undefined],
    ['1970-01-01T00:00:00.000Z', undefined],
    ['0001-01-01T00:00:00Z', undefined],
    ['5', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [1_795_428_000_000, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads the time %j as %j', (createdAt, createdAtMs) => {
    expect(list({ page: 1, pages: 1, items: [item('a', { createdAt })] })).toMatchObject({
      livePhotos: [{ createdAtMs }],
    });
  });

  it.each([
    ['from the number of pages', { pages: 3 }, 1, 1, 3],
    ['from the number of pages as text', { pages: '3' }, 1, 1, 3],
    ['from the number of items', { totalItems: 201 }, 1, 100, 3],
    ['from the number of items, to the last one', { totalItems: 200 }, 2, 100, 2],
    ['from the number of items and the page size of the answer', { totalItems: 41, pageSize: 20 }, 1, 20, 3],
    ['from the larger of two contradicting numbers', { pages: 1, totalItems: 101 }, 1, 100, 2],
    ['as one more if the page is full', {}, 1, 100, 2],
    ['as one more if the page is full by the answer’s page size', { pageSize: 20 }, 4, 20, 5],
    ['as no more if the page is not full', {}, 2, 99, 2],
    ['as no more if the page is not full by the answer’s page size', { pageSize: '20' }, 2, 19, 2],
    ['from the page if the number is not valid', { pages: 'many' }, 1, 100, 2],
    ['from the page if the number is 0', { pages: 0, totalItems: 0 }, 1, 3, 1],
    ['from the usual page size if the answer’s is 0', { pageSize: 0 }, 1, 99, 1],
  ])('counts the pages %s', (_, fields, page, count, pages) => {
    expect(list({ page, ...fields, items: items(count) }, page)).toMatchObject({ pages });
  });
});
