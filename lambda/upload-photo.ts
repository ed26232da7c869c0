import type { ApiKey } from './api-key';
import type { Answer, ComplyCube, LivePhoto } from './complycube';
import type { Delivery } from './delivery';
import type { LivePhotoRequest } from './live-photo';
import type { Outcome } from './outcome';
import { judgeUpload } from './verdict';

/** What an upload needs of the outer world. */
export interface UploadEdges {
  readonly apiKey: Pick<ApiKey, 'read' | 'readInPlaceOf'>;
  readonly complyCube: Pick<ComplyCube, 'uploadLivePhoto'>;
}

/**
 * Uploads a photo and says what became of it.
 * @throws RetryLaterError, or what the secret's read throws: the message is to be tried again.
 */
export async function uploadPhoto(
  request: LivePhotoRequest,
  image: Buffer,
  { receives, noMoreCalls, summary }: Delivery,
  { apiKey, complyCube }: UploadEdges,
): Promise<Outcome> {
  const upload = async (key: string): Promise<Answer<LivePhoto>> => {
    const answer = await complyCube.uploadLivePhoto(request, image, { apiKey: key, noMoreCalls });
    if (answer.status !== undefined) summary.complyCubeStatus = answer.status;
    if (answer.requestId !== undefined) summary.complyCubeRequestId = answer.requestId;
    return answer;
  };

  const key = await apiKey.read();
  let answer = await upload(key);
  // The key may have been changed since it was read: the secret is asked once more before the key is called bad.
  if (answer.kind === 'refused' && answer.status === 401) answer = await upload(await apiKey.readInPlaceOf(key));

  const verdict = judgeUpload(answer, { clientId: request.clientId, receives });
  if (verdict instanceof Error) throw verdict;
  return verdict;
}
