import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  type Decode,
  decodeDownload,
  decodeLivePhoto,
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
      expect.objectContaining({
        name: 'UntrustedAnswerError',
        message: 'ComplyCube’s answer (200) is about another client',
      }),
    );
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

describe('the properties of a live photo of a known client', () => {
  const read = (body: object, bytes: number | undefined) =>
    parse(decodeLivePhoto('5', { clientId: 'client', bytes }), { id: '5', ...body });

  it.each([
    [{ clientId: 'client', size: 7 }, 7],
    [{ clientId: 'client', size: 7 }, undefined],
    [{ clientId: 'client' }, undefined],
  ])('are read from %j if its size should be %s', (body, bytes) => {
    expect(read(body, bytes)).toMatchObject({ id: '5' });
  });

  it.each([
    [{ clientId: 'other', size: 7 }, 7],
    [{ size: 7 }, 7],
    [{ clientId: 'client', size: 8 }, 7],
    [{ clientId: 'client' }, 7],
  ])('are not trusted in %j if the expected size is %s', (body, bytes) => {
    expect(() => read(body, bytes)).toThrow(UntrustedAnswerError);
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
    expect(refuse({ message: 'a\uFEFFb' })).toMatchObject({ message: 'a\uFEFFb' });
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

  it.each([100, 199, 300, 301, 304, 400, 404, 429, 500, 599, 999])('is every answer with status %d', (status) => {
    expect(refuse({ id: 'a' }, {}, status)).toMatchObject({ kind: 'refused', status });
  });
});
