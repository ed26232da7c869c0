/**
 * Takes the place of `node:stream/web` in the function's bundle: middy asks whether a response is such a stream, and the function
 * gives none.
 */

/** Nothing is an instance of it. */
export const ReadableStream = function (): void {
  // Nothing to make.
};
