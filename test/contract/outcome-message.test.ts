import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeMessage, encodeMessage } from '../../contract/outcome-message';

describe('a message in a tag', () => {
  it.each([
    ['ComplyCube answered 422: No face', 'ComplyCube answered 422: No face'],
    ['a, b', 'a=2C b'],
    ['1 + 1 = 2', '1 + 1 =3D 2'],
    ['kein “Gesicht”', 'kein =E2=80=9CGesicht=E2=80=9D'],
    ['😀', '=F0=9F=98=80'],
    ['line\nbreak', 'line=0Abreak'],
    ['a \ufeffmark', 'a =EF=BB=BFmark'],
  ])('is quoted-printable: %j', (message, value) => {
    expect(encodeMessage(message)).toBe(value);
    expect(decodeMessage(value)).toBe(message);
  });

  it('has no white space at its ends, which S3 may remove', () => {
    expect(encodeMessage(' No face\n')).toBe('No face');
  });

  it('has characters that S3 accepts, and is read as written if it is short enough', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 400 }).map((message) => message.trim());
    fc.assert(
      fc.property(text, (message) => {
        const value = encodeMessage(message);
        expect(value).toMatch(/^[A-Za-z0-9 +\-=._:/@]{0,256}$/);
        const read = decodeMessage(value);
        if (read === message) return;
        // Cut, and not in the middle of a character.
        expect(value.length).toBeGreaterThan(256 - 12);
        expect(read.endsWith('…')).toBe(true);
        expect(message.startsWith(read.slice(0, -1))).toBe(true);
      }),
    );
  });

  it.each([
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), `${'a'.repeat(247)}=E2=80=A6`],
    [`${'a'.repeat(240)}${'ü'.repeat(3)}`, `${'a'.repeat(240)}=C3=BC=E2=80=A6`],
  ])('is cut after a whole character if it is longer than 256 characters: %s', (message, value) => {
    expect(encodeMessage(message)).toBe(value);
  });

  it('is read although another program wrote it', () => {
    expect(decodeMessage('100 = 100=ZZ=C3')).toBe('100 = 100=ZZ\uFFFD');
  });
});
