import { isLoopbackHost } from './patterns';

/** What the URL of ComplyCube's API must be, for messages of stack and function. */
export const apiUrlRule =
  'an https URL without credentials, query, fragment and spaces, because the API key and photos are sent to it';

/** A URL to which the function can append the path of a call. URL parsers would ignore some of the excluded characters. */
const extendable = /^https?:\/\/[^\s\p{Cc}\\?#@/]+(?:\/[^\s\p{Cc}\\?#]*)?$/iu;

/** @param isHttpOnLoopbackAllowed whether a local run may send plain HTTP to this machine. */
export function isApiUrl(value: string, isHttpOnLoopbackAllowed = false): boolean {
  if (!extendable.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (isHttpOnLoopbackAllowed && isLoopbackHost(hostname));
}
