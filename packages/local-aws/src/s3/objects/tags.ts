import { invalidArgument, S3Error } from '../errors';

/** A tag of an object version. */
interface Tag {
  readonly key: string;
  readonly value: string;
}

/** All the tags of an object version. */
export type TagSet = readonly Tag[];

// S3 user guide, "Categorizing your objects using tags". Lengths are in UTF-16 code units.
const maxTags = 10;
const maxKeyLength = 128;
const maxValueLength = 256;
const allowedCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks a whole tag set against S3's limits.
 * @throws S3Error BadRequest for more than 10 tags; InvalidTag for an invalid key or value.
 */
export function validateTagSet(tags: TagSet): TagSet {
  if (tags.length > maxTags) {
    throw new S3Error('BadRequest', { message: `Object tags cannot be greater than ${maxTags}` });
  }
  const keys = new Set<string>();
  for (const tag of tags) {
    validateTag(tag);
    if (keys.has(tag.key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: tag.key });
    keys.add(tag.key);
  }
  return tags;
}

function validateTag({ key, value }: Tag): void {
  if (key.length < 1 || key.length > maxKeyLength || !allowedCharacters.test(key)) {
    throw invalidTag('The TagKey you have provided is invalid', { TagKey: key });
  }
  if (key.startsWith('aws:')) throw invalidTag('Your TagKey cannot be prefixed with aws:', { TagKey: key });
  if (value.length > maxValueLength || !allowedCharacters.test(value)) {
    throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
  }
}

function invalidTag(message: string, details: Readonly<Record<string, string>>): S3Error {
  return new S3Error('InvalidTag', { message, details });
}

/**
 * Parses an `x-amz-tagging` header: `key=value&key=value`, form-encoded.
 * @throws S3Error InvalidArgument if it is malformed or has a key twice; errors of validateTagSet.
 */
export function parseTaggingHeader(header: string): TagSet {
  const pairs = header.split('&').filter((pair) => pair !== '');
  const tags = pairs.map((pair) => {
    const [key = '', value = '', ...rest] = pair.split('=');
    if (rest.length > 0) throw malformedHeader(header);
    return { key: decodeFormValue(key, header), value: decodeFormValue(value, header) };
  });
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw malformedHeader(header);
  return validateTagSet(tags);
}

function decodeFormValue(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    throw malformedHeader(header);
  }
}

function malformedHeader(header: string): S3Error {
  return invalidArgument(
    'x-amz-tagging',
    header,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  );
}
