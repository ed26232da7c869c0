/**
 * Replaces the SDK's event streams in the function's bundle. S3's client loads them for SelectObjectContent, which the function
 * never calls.
 */

/** Returns a client's configuration unchanged. */
export function resolveEventStreamSerdeConfig<T>(configuration: T): T {
  return configuration;
}

/** @throws always, because the bundle has no event streams. */
export function eventStreamSerdeProvider(): never {
  throw new Error('The function’s bundle has no event streams: build/bundle-function.ts removes them');
}

/** The class that the SDK's protocols instantiate for a call with an event stream. */
export function EventStreamSerde(): never {
  return eventStreamSerdeProvider();
}
