import { invalidArgument, S3Error } from '../errors';

/** A form that a browser sends to S3. */
export interface MultipartForm {
  /** The fields before the file, by lower-case name. S3 ignores their case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile;
}

/** The file of a form. */
interface FormFile {
  /** The client's name of the file; may be empty. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Limit for the fields before the file (S3's list of error codes, MaxPostPreDataLengthExceeded). */
const maxBytesBeforeFile = 20 * 1024;

/**
 * Parses a `multipart/form-data` body up to its file. S3 ignores everything after the file.
 * Sources: RFC 7578 and RFC 2046; S3 API reference, "POST Object": the field `file` must be the last.
 * @throws S3Error PreconditionFailed for another kind of body; MalformedPOSTRequest; MaxPostPreDataLengthExceeded;
 * InvalidArgument without a file; NotImplemented for a repeated field.
 */
export function parseMultipartForm(contentType: string, body: Buffer): MultipartForm {
  const delimiter = `\r\n--${boundaryOf(contentType)}`;
  const fields = new Map<string, string>();
  for (const part of partsOf(body, delimiter)) {
    if (part.name === 'file') return { fields, file: { name: part.fileName, bytes: part.content } };
    if (part.end > maxBytesBeforeFile) throw new S3Error('MaxPostPreDataLengthExceeded');
    if (fields.has(part.name)) {
      throw new S3Error('NotImplemented', { message: `A form with the field ${part.name} twice is not implemented` });
    }
    fields.set(part.name, part.content.toString('utf8'));
  }
  throw invalidArgument('file', '0', 'POST requires exactly one file upload per request.');
}

/** A boundary has 1 to 70 characters, in quotes if a token can't contain them (RFC 2046, section 5.1.1). */
function boundaryOf(contentType: string): string {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new S3Error('PreconditionFailed', {
      details: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
    });
  }
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw malformed();
  return boundary;
}

interface Part {
  readonly name: string;
  readonly fileName: string;
  readonly content: Buffer;
  /** Offset of the next delimiter. */
  readonly end: number;
}

/** Reads the parts lazily. */
function* partsOf(body: Buffer, delimiter: string): Generator<Part> {
  // Only the first delimiter has no line end before it.
  const text = Buffer.concat([Buffer.from('\r\n'), body]);
  let delimiterAt = indexOf(text, delimiter, 0);
  for (;;) {
    const headAt = delimiterAt + delimiter.length;
    const lineEnd = text.toString('latin1', headAt, headAt + 2);
    if (lineEnd === '--') return;
    if (lineEnd !== '\r\n') throw malformed();
    const headEnd = indexOf(text, '\r\n\r\n', headAt);
    const contentAt = headEnd + 4;
    delimiterAt = indexOf(text, delimiter, contentAt);
    const content = text.subarray(contentAt, delimiterAt);
    yield { ...parseHead(text.toString('utf8', headAt + 2, headEnd)), content, end: delimiterAt };
  }
}

function indexOf(text: Buffer, searched: string, from: number): number {
  const found = text.indexOf(searched, from);
  if (found === -1) throw malformed();
  return found;
}

function parseHead(head: string): Pick<Part, 'name' | 'fileName'> {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? '';
  const name = parameterOf(disposition, 'name');
  if (name === undefined || name === '') throw malformed();
  return { name: name.toLowerCase(), fileName: parameterOf(disposition, 'filename') ?? '' };
}

/** The characters of a name that browsers percent-encode (HTML standard, "Multipart form data"). */
const escapes: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

function parameterOf(disposition: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|;)\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1];
  return value?.replace(/%22|%0D|%0A/gi, (escape) => escapes[escape.toUpperCase()] ?? escape);
}

function malformed(): S3Error {
  return new S3Error('MalformedPOSTRequest');
}
