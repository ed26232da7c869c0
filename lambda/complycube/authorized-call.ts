import type { ApiKey } from '../aws/api-key';
import type { Answer } from './answer';
import type { CallOptions, ComplyCube } from './complycube';
import type { CallGate, Delivery } from '../delivery';

/** The dependencies of calls to ComplyCube. */
export interface ComplyCubeDeps<Call extends keyof ComplyCube = 'uploadLivePhoto' | SearchCall> {
  readonly apiKey: Pick<ApiKey, 'read' | 'readInPlaceOf'>;
  readonly complyCube: Pick<ComplyCube, Call>;
}

/** The calls of a search for a live photo. */
export type SearchCall = 'listLivePhotos' | 'downloadLivePhoto';

/**
 * Makes a call with the API key, and adds the call to the photo's log line.
 * @throws RetryLaterError when the call must not start, or the secret or the photo can't be read. Nothing was sent then.
 */
export async function callAuthorized<T>(
  call: (options: CallOptions) => Promise<Answer<T>>,
  { apiKey }: Pick<ComplyCubeDeps, 'apiKey'>,
  { gate, signal, summary }: Pick<Delivery, 'signal' | 'summary'> & { readonly gate: Pick<CallGate, 'pass'> },
): Promise<Answer<T>> {
  const callWith = async (key: string): Promise<Answer<T>> => {
    const answer = await call({ apiKey: key, gate, signal });
    const { tookMs, requestId } = answer;
    const status = answer.kind === 'unknown' ? undefined : answer.status;
    (summary.apiCalls ??= []).push({ status, tookMs, requestId });
    return answer;
  };
  const key = await apiKey.read();
  const answer = await callWith(key);
  // Only a refusal is repeated: after an unknown answer, ComplyCube may have the photo.
  if (answer.kind !== 'refused' || answer.status !== 401) return answer;
  // The key may have changed since it was read. Read the secret once more before treating the key as bad.
  return callWith(await apiKey.readInPlaceOf(key));
}
