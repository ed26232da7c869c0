import { createHash } from 'node:crypto';
import { isBinary, valueBytes, type MessageAttributes } from './message-attributes';

/** MD5 of a message's body, in hex. SDKs verify it. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of a message's attributes, in hex; undefined if there are none.
 * Attributes are sorted by name. Name, data type and value each follow their length in four bytes; one byte before the value
 * gives its kind. Source: SQS developer guide, "Calculating the MD5 message digest for message attributes".
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
