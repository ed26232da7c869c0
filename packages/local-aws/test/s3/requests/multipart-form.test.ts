import { describe, expect, it } from '@jest/globals';
import { parseMultipartForm } from '../../../src/s3/requests/multipart-form';

const boundary = 'x-boundary';
const contentType = `multipart/form-data; boundary=${boundary}`;
const field = (name: string, value: string): string => part(`name="${name}"`, value);
const file = (content: string, fileName = 'a.jpg'): string => part(`name="file"; filename="${fileName}"`, content);

function part(disposition: string, content: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
}

function parse(parts: string, { end = `--${boundary}--\r\n`, type = contentType } = {}) {
  const { fields, file: sent } = parseMultipartForm(type, Buffer.from(parts + end, 'latin1'));
  return { fields: Object.fromEntries(fields), fileName: sent.name, content: sent.bytes.toString('latin1') };
}

describe('a multipart form', () => {
  it('has fields and a file', () => {
    expect(parse(field('key', 'a') + field('Policy', 'b') + file('photo'))).toEqual({
      fields: { key: 'a', policy: 'b' },
      fileName: 'a.jpg',
      content: 'photo',
    });
  });

  it('from Node and browsers is parsed', async () => {
    const form = new FormData();
    form.append('key', 'a "quoted"\r\nkey ✓');
    form.append('odd"name', 'x');
    form.append('file', new Blob(['photo'], { type: 'image/jpeg' }), 'my "best" photo.jpg');
    const request = new Request('http://127.0.0.1/', { method: 'POST', body: form });
    const body = Buffer.from(await request.arrayBuffer());
    const { fields, file: sent } = parseMultipartForm(request.headers.get('content-type') ?? '', body);
    expect(Object.fromEntries(fields)).toEqual({ key: 'a "quoted"\r\nkey ✓', 'odd"name': 'x' });
    expect(sent.name).toBe('my "best" photo.jpg');
    expect(sent.bytes.toString()).toBe('photo');
  });

  it.each([
    ['with line ends', 'a\r\nb\r\n'],
    ['with text similar to the boundary', `a--${boundary}\n--${boundary}\r--${boundary.slice(1)}\r\n-`],
    ['that is empty', ''],
    ['of any bytes', '\u0000\u00ff\r\n\r\n'],
  ])('keeps a file %s', (_, content) => {
    expect(parse(file(content)).content).toBe(content);
  });

  it('may have text before its first part, other headers in its parts and its boundary in quotes', () => {
    const parts = `preamble\r\n--${boundary}\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION: form-data; Name="key"\r\n\r\na\r\n`;
    const type = `Multipart/Form-Data; charset=utf-8; boundary="${boundary}"`;
    expect(parse(parts + file('photo'), { type }).fields).toEqual({ key: 'a' });
  });

  it('ends with its file: later fields are ignored', () => {
    expect(parse(file('photo') + field('key', 'late')).fields).toEqual({});
  });

  it.each([
    ['without an end', { end: '' }],
    ['of another boundary', { type: 'multipart/form-data; boundary=other' }],
    ['without a boundary', { type: 'multipart/form-data' }],
    ['with a boundary beyond 70 characters', { type: `multipart/form-data; boundary=${'x'.repeat(71)}` }],
  ])('%s is malformed', (_, how) => {
    expect(() => parse(field('key', 'a') + file('photo'), how)).toThrow(
      expect.objectContaining({ code: 'MalformedPOSTRequest' }),
    );
  });

  it('with a part that has no name is malformed', () => {
    expect(() => parse(part('filename="a"', 'x') + file('photo'))).toThrow(
      expect.objectContaining({ code: 'MalformedPOSTRequest' }),
    );
  });

  it('of another type is refused', () => {
    expect(() => parse('', { type: 'application/x-www-form-urlencoded' })).toThrow(
      expect.objectContaining({
        code: 'PreconditionFailed',
        details: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
      }),
    );
  });

  it('needs a file', () => {
    expect(() => parse(field('key', 'a'))).toThrow('POST requires exactly one file upload per request.');
  });

  it('has at most 20 KB before its file', () => {
    expect(parse(field('key', 'a'.repeat(20_000)) + file('photo')).content).toBe('photo');
    expect(() => parse(field('key', 'a'.repeat(20_480)) + file('photo'))).toThrow(
      expect.objectContaining({ code: 'MaxPostPreDataLengthExceeded' }),
    );
  });

  it('with a repeated field is refused, in any case of its name', () => {
    expect(() => parse(field('key', 'a') + field('KEY', 'b') + file('photo'))).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
  });
});
