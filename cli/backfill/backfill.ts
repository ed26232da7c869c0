import { announce } from '../photos/photo-message';
import type { SendingArguments } from '../command-line';
import type { ExitStatus } from '../exit-status';
import { sendPhotos } from '../photos/send-photos';
import type { Shell } from '../terminal/terminal';

/** Sends photo objects whose tags tell no outcome through the queue, as if they had just been put. */
export function backfill(asked: SendingArguments, shell: Shell): Promise<ExitStatus> {
  return sendPhotos(
    {
      words: ['backfill'],
      what: 'photos without an outcome',
      select: ({ location }, { kind }) =>
        kind === 'none' ? announce(location, { command: 'backfill', nowMs: Date.now() }) : undefined,
    },
    asked,
    shell,
  );
}
