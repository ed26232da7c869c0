import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  type Decode,
  decodeDownload,
  decodeLivePhoto,
  decodePage,
  decodeUploaded,
  parseAnswer,
  UntrustedAnswerError,
} from '../../../lambda/complycube/parse-answer';

/** Parses a 200 with a body: text as it is, anything else as JSON. */
const parse = <T>(decode: Decode<T>, body: unknown) => {
  const answer = parseAnswer({ status: 200, headers: {}, body: toBuffer(body) }, decode);
  return answer.kind === 'accepted' ? answer.value : answer;
};
const toBuffer = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

describe('the answer to an upload', () => {
  const upload = (body: unknown) => parse(decodeUploaded({ clientId: '5eb1276d96be4a', bytes: 40_000 }), body);

  it.each([
    ['ID, client and size', { id: 'a', clientId: '5eb1276d96be4a', size: 40_000 }, 'a'],
    ['only an ID', { id: 'a' }, 'a'],
    ['null for unknown values', { id: 'a', clientId: null, size: null, createdAt: null }, 'a'],
    ['the size as text', { id: 'a', size: '40000' }, 'a'],
    ['a number as ID', { id: 7 }, '7'],
    ['a large number as ID', { id: 9_007_199_254_740_991 }, '9007199254740991'],
    ['a byte order mark', `\uFEFF${JSON.stringify({ id: 'a' })}`, 'a'],
    ['whitespace around the JSON', `\r\n ${JSON.stringify({ id: 'a' })}\n`, 'a'],
    ['another content type', { id: 'a', contentType: 'images/jpg' }, 'a'],
    ['unknown properties', { id: 'a', more: { deep: [1] } }, 'a'],
  ])('is accepted with %s', (_, body, id) => {
    expect(upload(body)).toEqual({ id });
  });

  it.each([
    ['another client', { id: 'a', clientId: '5eb1276d96be4b' }],
    ['the client in another case', { id: 'a', clientId: '5EB1276D96BE4A' }],
    ['an empty client', { id: 'a', clientId: '' }],
    ['a client that is an object', { id: 'a', clientId: { id: '5eb1276d96be4a' } }],
    ['another size', { id: 'a', size: 40_001 }],
    ['another size as text', { id: 'a', size: '40001' }],
    ['a size of 0', { id: 'a', size: 0 }],
    ['a size that is no number', { id: 'a', size: '40 KB' }],
    ['a size that is not whole', { id: 'a', size: 40_000.5 }],
    ['no ID', { clientId: '5eb1276d96be4a' }],
    ['null as ID', { id: null }],
    ['an empty ID', { id: '' }],
    ['a blank ID', { id: ' ' }],
    ['an ID with a space', { id: 'a b' }],
    ['an ID with a control character', { id: 'a\u0000b' }],
    ['an ID with characters that no tag can hold', { id: 'a<b>' }],
    ['an ID longer than a tag', { id: 'a'.repeat(257) }],
    ['an ID that is a list', { id: ['a'] }],
    ['an ID that is true', { id: true }],
    ['a number that is not whole as ID', { id: 1.5 }],
    ['a number as ID that JavaScript can’t hold', '{"id":12345678901234567890}'],
    ['0 as ID', { id: 0 }],
    ['a negative number as ID', { id: -7 }],
    ['nothing', ''],
    ['HTML', '<html></html>'],
    ['JSON that is cut off', '{"id":"a"'],
    ['two JSON objects', '{"id":"a"}{"id":"b"}'],
    ['null', 'null'],
    ['a text', '"a"'],
    ['a list', [{ id: 'a' }]],
    ['an empty object', {}],
    ['an error', { type: 'internal_server_error', message: 'An error has occurred' }],
    ['an envelope', { data: { id: 'a' } }],
  ])('is untrusted with %s', (_, body) => {
    expect(() => upload(body)).toThrow(UntrustedAnswerError);
  });

  it('has an error that says what is wrong, without a client ID', () => {
    expect(() => upload({ id: 'a', clientId: 'somebody' })).toThrow(
      'ComplyCube’s answer (200) is about another client',
    );
  });
});

describe('a page of the list of live photos', () => {
  const list = (body: unknown, page = 1) => parse(decodePage({ clientId: 'client', page }), body);
  const item = (id: string, more: object = {}) => ({ id, clientId: 'client', size: 7, ...more });
  const listed = (id: string, more: object = {}) => ({ id, size: 7, createdAtMs: undefined, ...more });
  const items = (count: number) => Array.from({ length: count }, (_, at) => item(`a${at}`));

  it.each([
    ['without items', { page: 1, pageSize: 100, totalItems: 0, pages: 0 }, 1],
    ['with null as items', { page: 1, pageSize: 100, totalItems: 0, pages: 0, items: null }, 1],
    ['with an empty list of items', { page: 1, pageSize: 100, totalItems: 0, pages: 0, items: [] }, 1],
    ['without the numbers that are 0', { page: 1, pageSize: 100 }, 1],
    ['that counts an empty page', { page: 1, pageSize: 100, totalItems: 0, pages: 1 }, 1],
    ['with numbers as text', { page: '1', pageSize: '100', totalItems: '0', pages: '0' }, 1],
    ['after the last item', { page: 2, pageSize: 100, totalItems: 100, pages: 1 }, 2],
    ['with items and one more field only', { pages: 0, items: [] }, 1],
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

  it('returns no items of other clients, but those without a client', () => {
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
  ])('counts the pages %s', (_, fields, page, count, pages) => {
    expect(list({ page, ...fields, items: items(count) }, page)).toMatchObject({ pages });
  });
});

describe('the properties of a live photo', () => {
  const read = (body: unknown) => parse(decodeLivePhoto('5'), body);

  it.each([
    { id: '5', size: 7 },
    { id: 5, size: '7' },
  ])('are read from %j', (body) => {
    expect(read(body)).toEqual({ id: '5', size: 7, createdAtMs: undefined });
  });

  it.each([{ id: '6', size: 7 }, { size: 7 }, {}, [{ id: '5' }], 'null', ''])('are untrusted from %j', (body) => {
    expect(() => read(body)).toThrow(UntrustedAnswerError);
  });
});

describe('a download', () => {
  const photo = randomBytes(40_000);
  const base64 = photo.toString('base64');
  const download = (data: unknown, listedBytes: number | 'unknown' = photo.length) =>
    parse(decodeDownload(listedBytes === 'unknown' ? undefined : listedBytes), {
      fileName: 'selfie_1.jpg',
      contentType: 'images/jpg',
      data,
    });

  it.each([
    ['on one line', base64],
    ['with lines of 76 characters', base64.replace(/.{76}/g, '$&\r\n')],
    ['with a line break at its end', `${base64}\n`],
  ])('is read from base64 %s', (_, data) => {
    for (const listedBytes of [photo.length, 'unknown'] as const)
      expect(photo.equals(download(data, listedBytes) as Buffer)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['null', null],
    ['no data', undefined],
    ['a number', 7],
    ['a list', [base64]],
    ['a line break', '\r\n'],
    ['a data: URI', `data:image/jpeg;base64,${base64}`],
    ['an error text', 'Service temporarily unavailable'],
    ['a word that is base64', 'Unavailable/'],
    ['HTML', '<html></html>'],
    ['base64 that is cut off', base64.slice(0, 30_000)],
    ['base64 that is cut off within a group', base64.slice(0, 30_001)],
    ['base64 without its padding', base64.replace(/=+$/, '')],
    ['base64 of more than the image', Buffer.concat([photo, photo]).toString('base64')],
    ['base64 with spaces', base64.replace(/.{76}/g, '$& ')],
    ['base64 with another alphabet', Buffer.alloc(photo.length, 0xff).toString('base64url')],
    ['base64 twice', `${base64}${base64}`],
    ['base64 of base64', Buffer.from(base64).toString('base64')],
    ['hexadecimal', photo.toString('hex')],
  ])('is untrusted with %s', (_, data) => {
    expect(() => download(data)).toThrow(UntrustedAnswerError);
  });

  it('can have any size if the listed size is unknown, but must be strict base64', () => {
    expect(download(Buffer.from('abc').toString('base64'), 'unknown')).toEqual(Buffer.from('abc'));
    for (const data of [
      '',
      `data:image/jpeg;base64,${base64}`,
      'Service temporarily unavailable',
      base64.slice(0, 30_001),
    ]) {
      expect(() => download(data, 'unknown')).toThrow(UntrustedAnswerError);
    }
  });
});

describe('a refusal', () => {
  const refuse = (body: unknown, headers = {}, status = 502) =>
    parseAnswer({ status, headers, body: toBuffer(body) }, decodeUploaded({ clientId: 'client', bytes: 1 }));
  const silent = { type: undefined, message: undefined, param: undefined };

  it('contains ComplyCube’s type, message and param', () => {
    const body = { type: 'invalid_request', message: 'Image file size should be between 34KB and 4MB', param: 'data' };
    expect(refuse(body, { 'retry-after': '3' }, 400)).toEqual({
      ...{ kind: 'refused', status: 400, retryAfterMs: 3_000 },
      ...body,
    });
    expect(refuse(`\uFEFF${JSON.stringify(body)}`, {}, 400)).toMatchObject(body);
  });

  it.each([
    ['HTML', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a text', '"Bad gateway"'],
    ['a number', '7'],
    ['a list', [{ type: 'a', message: 'b', param: 'data' }]],
    ['JSON that is cut off', '{"message":"a"'],
    ['other types', { type: 7, message: { deep: 1 }, param: ['data'] }],
    ['numbers', { type: 1, message: 2, param: 3 }],
    ['null values', { type: null, message: null, param: null }],
    ['blanks', { type: '', message: ' ', param: '' }],
    ['another envelope', { error: { type: 'a', message: 'b', param: 'data' } }],
    ['deep nesting', '['.repeat(100_000)],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x00]).toString('latin1')],
  ])('with %s has only its status', (_, body) => {
    expect(refuse(body)).toMatchObject({ kind: 'refused', status: 502, ...silent });
  });

  it.each([100, 301, 304, 400, 404, 429, 500, 599, 999])('is every answer with status %d', (status) => {
    expect(refuse({ id: 'a' }, {}, status)).toMatchObject({ kind: 'refused', status });
  });
});
