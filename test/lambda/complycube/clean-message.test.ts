import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanMessage } from '../../../lambda/complycube/clean-message';

const clientId = '5eb1276d96be4a0008713af5';
const clean = (message: string) => cleanMessage(message, clientId);

describe('cleanMessage', () => {
  it.each([
    ['line breaks and tabs', 'a\r\n\tb', 'a b'],
    ['Unicode’s line breaks', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['control characters', 'a\u0000b\u001b[31mc\u007f', 'a b [31mc'],
    ['bidirectional controls', 'a\u202Eb\u2066c\u200Fd', 'abcd'],
    ['zero-width characters', 'a\u200Bb\uFEFFc', 'abc'],
    ['half a surrogate pair', 'a\uD83Db', 'a b'],
    ['leading and trailing spaces', '  a  b  ', 'a b'],
    ['nothing', '', ''],
  ])('returns one line without %s', (_, message, cleaned) => {
    expect(clean(message)).toBe(cleaned);
  });

  it('shortens a long text with an ellipsis, and never splits a character', () => {
    expect(clean('x '.repeat(1_000))).toHaveLength(200);
    expect(clean('x '.repeat(99) + 'yz')).toBe('x '.repeat(99) + 'yz');
    expect(clean(`${'x '.repeat(99)}😀😀`)).toBe(`${'x '.repeat(99)}…`);
  });

  const idIn: [string, string, string][] = [
    ['as it is', `Invalid client id '${clientId}'`, "Invalid client id '…'"],
    ['in upper case', `Invalid client id ${clientId.toUpperCase()}!`, 'Invalid client id …!'],
    ['in mixed case', `Invalid client id ${clientId.replace('eb', 'eB')}`, 'Invalid client id …'],
    ['more than once', `${clientId}, ${clientId}`, '…, …'],
    ['in double quotes', `{"clientId":"${clientId}"}`, '{"clientId":"…"}'],
    ['in percent-encoded quotes', `id=%27${clientId}%27`, 'id=%27…%27'],
    ['percent-encoded', `id ${clientId.replace(/\d/g, (digit) => `%3${digit}`)}`, 'id …'],
    ['in a path', `No route /clients/${clientId}/photos`, 'No route /clients/…/photos'],
    ['in another word', `client_${clientId}.jpg`, 'client_….jpg'],
    ['that contains invisible characters', `id ${clientId.slice(0, 5)}\u200B${clientId.slice(5)}`, 'id …'],
  ];
  it.each(idIn)('removes the client ID %s', (_, message, cleaned) => {
    expect(clean(message)).toBe(cleaned);
  });

  it.each([
    ['', 'It is used, so it stays.', 'It is used, so it stays.'],
    ['a-B_7', "Invalid client 'A-b_7'", "Invalid client '…'"],
    ['a-B_7', 'Invalid client a%2DB%5F7', 'Invalid client …'],
    ['a-B_7', 'id=%27a-B_7%27', 'id=%27…%27'],
    ['7', 'Invalid client id 7, not 17 or 7a', 'Invalid client id …, not 17 or 7a'],
    ['data', 'No face in "data"', 'No face in "…"'],
    ['a', 'Invalid client a', 'Invalid client …'],
    ['abcd-123', 'No file client_ABCD-123.jpg', 'No file client_….jpg'],
    ['.*', 'Invalid client .*', 'Invalid client …'],
  ])('removes the client ID %j from %j, and no part of a word', (id, message, cleaned) => {
    expect(cleanMessage(message, id)).toBe(cleaned);
  });

  it.each([
    ['The key live_AbCd1234 may not do this', 'The key … may not do this'],
    ['key=test_Zm9v/YmFy==', 'key=…'],
    ['"TEST_abc"', '"…'],
    ['%22live_abc%22', '%22…'],
    ['Authorization: live_a', 'Authorization: …'],
  ])('removes the API key from %j', (message, cleaned) => {
    expect(clean(message)).toBe(cleaned);
  });

  const base64 = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb0043000302', 'hex').toString('base64');
  it.each([
    ['base64', `"data" with value "${base64}" is no image`, '"data" with value "…" is no image'],
    ['16 characters of base64', `value ${base64.slice(0, 16)} is no image`, 'value … is no image'],
    ['20 characters of base64', `value ${base64.slice(7, 27)} is no image`, 'value … is no image'],
    ['base64 of zeros', `value ${Buffer.alloc(30).toString('base64')}`, 'value …'],
    ['base64 of one repeated byte', `value ${Buffer.alloc(60, 7).toString('base64')}`, 'value …'],
    ['base64url', `value ${Buffer.alloc(30, 0xfb).toString('base64url')}`, 'value …'],
    ['base64 with escaped slashes', `value ${base64.replaceAll('/', '\\/')}`, 'value …'],
    ['percent-encoded base64', `value ${encodeURIComponent(base64)}`, 'value …'],
    ['a data: URI', `value data:image/jpeg;base64,${base64}`, 'value data:image/jpeg;base64,…'],
    ['base64 with a line break', `value ${base64.slice(0, 18)}\n${base64.slice(18)}`, 'value … …'],
    ['hexadecimal', 'value ffd8ffe000104a46494600010100', 'value …'],
    ['another ID', "Invalid live photo id '5eb1b5f231778a0008d1c3f6'", "Invalid live photo id '…'"],
  ])('removes %s', (_, message, cleaned) => {
    expect(clean(message)).toBe(cleaned);
  });

  it('removes every run of 16 or more characters of base64 of random bytes', () => {
    const runs = fc.uint8Array({ minLength: 48, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    fc.assert(
      fc.property(runs, (run) => {
        expect(clean(`value "${run}"`)).toBe('value "…"');
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it.each([
    'performLivenessCheck must be true or false',
    'performLivenessCheck=false is not allowed',
    'livePhotoClientId, authenticationLevelRequired',
    'resource_not_found, rate_limit_exceeded, internal_server_error',
    'SERVICE_UNAVAILABLE_TEMPORARILY',
    'a well-known-and-lower-case word',
    'Internationalization, misunderstandings',
    'Image file size should be between 34KB and 4MB',
    'Not found: /v1/livePhotos',
    'Not found: /livePhotos/performLivenessCheck/',
    'The content type application/octet-stream is not supported',
    'You have exceeded the rate limit prescribed to your plan',
    'Your latest_version is out of date',
    'Réessayez plus tard: 請稍後再試 👍',
  ])('keeps %j', (message) => {
    expect(clean(message)).toBe(message);
  });

  it('shortens a text of a million characters', () => {
    for (const text of ['a', 'a-', '%', 'live_', '=', ' ', clientId.slice(0, -1), '%35eb']) {
      expect(clean(text.repeat(1_000_000 / text.length)).length).toBeLessThanOrEqual(200);
    }
  });
});
