import { invalidArgument, S3Error } from '../errors';

/** A form as a browser sends it to S3. */
export interface MultipartForm {
  /** The fields before the file, by lower-case name: their case has no meaning to S3. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile;
}

/** The file of a form. */
interface FormFile {
  /** As the client names it; may be empty. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** S3 takes 20 KB before the file (S3's list of error codes, MaxPostPreDataLengthExceeded). */
const maxBytesBeforeFile = 20 * 1024;

/**
 * Takes a `multipart/form-data` body apart, up to its file: S3 passes over whatever comes behind it.
 * Sources: RFC 7578 and RFC 2046; S3's API reference, "POST Object", for the field named `file`, which must be the last.
 * @throws S3Error PreconditionFailed for another kind of body; MalformedPOSTRequest; MaxPostPreDataLengthExceeded;
 * InvalidArgument when there is no file; NotImplemented for a field that comes twice.
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

/** A boundary is 1 to 70 characters, in quotes where it holds any that a token may not (RFC 2046, section 5.1.1). */
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
  /** Where the delimiter behind it begins. */
  readonly end: number;
}

/** Reads one part after another, as far as they are asked for. */
function* partsOf(body: Buffer, delimiter: string): Generator<Part> {
  // The first delimiter is the only one that needs no line end before it.
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

/** Browsers write three characters of a name percent-encoded and no others (HTML, "Multipart form data"). */
const escapes: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

function parameterOf(disposition: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|;)\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1];
  return value?.replace(/%22|%0D|%0A/gi, (escape) => escapes[escape.toUpperCase()] ?? escape);
}

function malformed(): S3Error {
  return new S3Error('MalformedPOSTRequest');
}
