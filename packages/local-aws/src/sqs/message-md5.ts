import { createHash } from 'node:crypto';
import { isBinary, valueBytes, type MessageAttributes } from './message-attributes';

/** The MD5 of a message's body, in hex, which the SDKs compare with what they sent or received. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * The MD5 of a message's attributes, in hex; undefined when there are none.
 * Source: SQS's developer guide, "Calculating the MD5 message digest for message attributes": by name in ascending order,
 * each of name, data type and value after its length in four bytes, the value's kind in one byte before it.
 */
export function md5OfMessageAttributes(attributes: MessageAttributes): string | undefined {
  if (attributes.size === 0) return undefined;
  const hash = createHash('md5');
  const updateWithLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, attribute] of [...attributes].sort(([one], [other]) => (one < other ? -1 : 1))) {
    updateWithLength(Buffer.from(name));
    updateWithLength(Buffer.from(attribute.DataType));
    hash.update(Uint8Array.of(isBinary(attribute.DataType) ? 2 : 1));
    updateWithLength(valueBytes(attribute));
  }
  return hash.digest('hex');
}
