/**
 * Replaces `node:stream/web` in the function's bundle. middy checks whether a response is a web stream, and the function never
 * returns one.
 */

/** A constructor without instances, for middy's `instanceof`. */
export const ReadableStream = function (): void {
  // Never called.
};
