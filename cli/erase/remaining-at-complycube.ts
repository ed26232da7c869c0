import type { ListedLivePhoto } from '../../contract/inquiry';
import { CommandError } from '../command-error';
import { inquire } from '../stack/inquire';
import type { StackAccess } from '../stack/stack-access';

/**
 * Lists a client's live photos at ComplyCube, through the function, because only the function may read the API key.
 * @throws CommandError if ComplyCube does not answer.
 */
export async function listLivePhotosOf(clientId: string, access: StackAccess): Promise<readonly ListedLivePhoto[]> {
  const all: ListedLivePhoto[] = [];
  for (let page = 1; ; page++) {
    const answer = await inquire(access.lambda, access.stack.functionName, { inquiry: 'client', clientId, page });
    if (answer.answer === 'refused') {
      // So answers an earlier function when ComplyCube does not know the client. The 404 of a gateway proves nothing.
      if (answer.status === 404 && /\bclient\b/i.test(answer.said ?? '')) return all;
      throw new CommandError(
        `ComplyCube refused to list the client's live photos: ${answer.status} ${answer.said ?? ''}`.trim(),
      );
    }
    if (answer.answer === 'failed') {
      throw new CommandError(`The client's live photos could not be listed: ${answer.because}`);
    }
    const { livePhotos, pages } = answer.page ?? { livePhotos: [], pages: 1 };
    all.push(...livePhotos);
    if (page >= pages) return all;
  }
}
