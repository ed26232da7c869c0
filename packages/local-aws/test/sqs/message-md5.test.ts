import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { md5OfBody, md5OfMessageAttributes } from '../../src/sqs/message-md5';

describe('md5OfBody', () => {
  it('digests the body as UTF-8', () => {
    expect(md5OfBody('ü')).toBe(createHash('md5').update(Uint8Array.of(0xc3, 0xbc)).digest('hex'));
  });
});

describe('md5OfMessageAttributes', () => {
  it('is what SQS answers for the attribute Foo of type String with the value Bar', () => {
    const attributes = new Map([['Foo', { DataType: 'String', StringValue: 'Bar' }]]);
    expect(md5OfMessageAttributes(attributes)).toBe('ae7155c6026991b6d54b11589678bf9c');
  });

  it('digests names in order, each with its type and value after their lengths', () => {
    const attributes = new Map([
      ['b', { DataType: 'Binary', BinaryValue: Buffer.of(9, 8).toString('base64') }],
      ['a', { DataType: 'Number.x', StringValue: '7' }],
    ]);
    const layout =
      '00000001 61  00000008 4e756d6265722e78  01 00000001 37  00000001 62  00000006 42696e617279  02 00000002 0908';
    const bytes = Buffer.from(layout.replaceAll(' ', ''), 'hex');
    expect(md5OfMessageAttributes(attributes)).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  it('is left out when there are no attributes', () => {
    expect(md5OfMessageAttributes(new Map())).toBeUndefined();
  });
});
