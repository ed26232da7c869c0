import { invalidArgument } from '../errors';
import { encodeKey } from '../requests/url-encoding';

/** What all lists of a bucket's content can be asked for. */
export interface ListParameters {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly isUrlEncoded: boolean;
  /** Writes a key as the client asked for it. */
  readonly encode: (key: string) => string;
}

const maxKeysAtOnce = 1000;

/** @throws S3Error InvalidArgument. */
export function parseListParameters(query: URLSearchParams): ListParameters {
  const encodingType = query.get('encoding-type');
  if (encodingType !== null && encodingType !== 'url') {
    throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  }
  const isUrlEncoded = encodingType === 'url';
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: parseMaxKeys(query.get('max-keys')),
    isUrlEncoded,
    encode: isUrlEncoded ? encodeKey : (key) => key,
  };
}

function parseMaxKeys(text: string | null): number {
  if (text === null || text === '') return maxKeysAtOnce;
  if (!/^\d{1,10}$/.test(text)) {
    throw invalidArgument('maxKeys', text, 'Argument maxKeys must be an integer between 0 and 2147483647');
  }
  return Math.min(Number(text), maxKeysAtOnce);
}
