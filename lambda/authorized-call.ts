import type { ApiKey } from './api-key';
import type { Answer, CallOptions, ComplyCube } from './complycube';
import type { Delivery } from './delivery';

/** What a call to ComplyCube needs of the outer world. */
export interface ComplyCubeEdges {
  readonly apiKey: Pick<ApiKey, 'read' | 'readInPlaceOf'>;
  readonly complyCube: Pick<ComplyCube, 'uploadLivePhoto' | 'listLivePhotos' | 'downloadLivePhoto'>;
}

/**
 * Makes a call with the API key, and notes what came of it for the photo's log line.
 * @throws AccountFaultError or RetryLaterError when the call may not start, and what the secret's read throws: nothing was sent.
 */
export async function callAuthorized<T>(
  call: (options: CallOptions) => Promise<Answer<T>>,
  { apiKey }: Pick<ComplyCubeEdges, 'apiKey'>,
  { gate, summary }: Pick<Delivery, 'gate' | 'summary'>,
): Promise<Answer<T>> {
  const callWith = async (key: string): Promise<Answer<T>> => {
    const answer = await call({ apiKey: key, gate });
    const { tookMs, requestId } = answer;
    const status = answer.kind === 'unknown' ? undefined : answer.status;
    (summary.apiCalls ??= []).push({ status, tookMs, requestId });
    return answer;
  };
  const key = await apiKey.read();
  const answer = await callWith(key);
  if (answer.kind !== 'refused' || answer.status !== 401) return answer;
  // The key may have been changed since it was read: the secret is asked once more before the key is called bad.
  return callWith(await apiKey.readInPlaceOf(key));
}
