import { type RejectionReason, rejectionReasons } from '../../contract/outcome';
import type { Command } from '../command';
import { UsageError } from '../command-error';
import { parseReasons, parseWalkOptions, photoOptions, sendOptions, type WalkArguments } from '../options';
import { photoMessage } from '../photos/photo-message';
import { sendPhotos } from '../photos/send-photos';

/**
 * Sends photo objects that were rejected for one of the reasons through the queue again.
 *
 * Only the function may change outcome tags. So the message names the rejection to retract, and the function retracts it if the
 * tags still show exactly this rejection.
 */
export const redriveRejected: Command<WalkArguments & { readonly reasons: readonly string[] }> = {
  summary: 'Sends rejected photos through the upload queue again.',
  options: ['reason', ...photoOptions, 'start-after', ...sendOptions],
  examples: ['redrive rejected --reason client-unknown --since 2026-11-01 --until 2026-11-02'],
  details: [
    'Use it after the cause of the rejections is fixed. It sends the current version of each photo object whose tags show ' +
      'one of the reasons. At least one --reason is required.',
    'The function retracts the rejection when it processes the photo, and only if the tags still show it. A photo that ' +
      'was uploaded in the meantime is not uploaded again.',
  ],
  parse: (values) => ({ ...parseWalkOptions(values), reasons: parseRejectionReasons(values.reason) }),
  run: (options, terminal) => {
    const { reasons } = options;
    return sendPhotos(
      {
        words: ['redrive', 'rejected', ...reasons.flatMap((reason) => ['--reason', reason])],
        what: `photos rejected for ${reasons.join(', ')}`,
        select: ({ location }, known) => {
          const outcome = known.kind === 'tagged' ? known.outcome : undefined;
          if (outcome?.status !== 'rejected' || !reasons.includes(outcome.reason)) return undefined;
          return photoMessage(location, { command: 'redrive', nowMs: Date.now(), retractedRejection: outcome.reason });
        },
      },
      options,
      terminal,
    );
  },
};

function parseRejectionReasons(texts: readonly string[] = []): RejectionReason[] {
  if (texts.length === 0) throw new UsageError(`--reason is missing: choose from ${rejectionReasons.join(', ')}`);
  const reasons = parseReasons(texts, rejectionReasons);
  if (reasons.includes('tag-limit-reached')) {
    throw new UsageError(
      'Photos rejected for tag-limit-reached have no outcome tag: delete two other tags, then backfill',
    );
  }
  return reasons;
}
