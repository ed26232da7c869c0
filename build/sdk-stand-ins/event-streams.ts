/**
 * Takes the place of the SDK's event streams in the function's bundle: S3's client loads them for SelectObjectContent, which the
 * function never calls.
 */

/** Gives clients their configuration back as it is. */
export function resolveEventStreamSerdeConfig<T>(configuration: T): T {
  return configuration;
}

/** @throws always: the bundle has no event streams. */
export function eventStreamSerdeProvider(): never {
  throw new Error('The function’s bundle has no event streams: build/bundle-function.ts leaves them out');
}

/** What a protocol would make for a call with an event stream. */
export function EventStreamSerde(): never {
  return eventStreamSerdeProvider();
}
