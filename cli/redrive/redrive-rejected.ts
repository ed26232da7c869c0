import { announce } from '../photos/photo-message';
import type { SendingArguments } from '../command-line';
import type { ExitStatus } from '../exit-status';
import { sendPhotos } from '../photos/send-photos';
import type { Shell } from '../terminal/terminal';

/**
 * Sends photo objects that were rejected for one of the reasons through the queue, the rejection taken back.
 *
 * Nobody but the function may change an outcome's tags: so the message asks it to, and it does where the tags still tell that
 * very rejection.
 */
export function redriveRejected(
  asked: SendingArguments & { readonly reasons: readonly string[] },
  shell: Shell,
): Promise<ExitStatus> {
  const { reasons } = asked;
  return sendPhotos(
    {
      words: ['redrive', 'rejected', ...reasons.flatMap((reason) => ['--reason', reason])],
      what: `photos rejected for ${reasons.join(', ')}`,
      select: ({ location }, known) => {
        const outcome = known.kind === 'told' ? known.outcome : undefined;
        if (outcome?.status !== 'rejected' || !reasons.includes(outcome.reason)) return undefined;
        return announce(location, { command: 'redrive', nowMs: Date.now(), retractedRejection: outcome.reason });
      },
    },
    asked,
    shell,
  );
}
