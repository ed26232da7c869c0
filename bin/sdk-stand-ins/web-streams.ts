/**
 * Takes the place of `node:stream/web` in the function's bundle: middy loads it for responses that are streamed, which the
 * function never gives.
 */

/** Nothing is an instance of it. */
export const ReadableStream = function (): never {
  throw new Error('The function’s bundle has no web streams: bin/bundle-function.ts leaves them out');
};
