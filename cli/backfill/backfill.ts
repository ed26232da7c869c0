import type { Command } from '../command';
import { parseWalkOptions, photoOptions, sendOptions, type WalkArguments } from '../options';
import { photoMessage } from '../photos/photo-message';
import { sendPhotos } from '../photos/send-photos';

/** Sends photo objects without an outcome through the upload queue, as if they had just been created. */
export const backfill: Command<WalkArguments> = {
  summary: 'Sends existing photo objects without an outcome through the upload queue.',
  options: [...photoOptions, 'start-after', ...sendOptions],
  examples: ['backfill --dry-run', 'backfill --prefix photos/2026/ --since 2026-01-01'],
  details: [
    'Use it for photos that are older than the stack, or whose events were lost. It sends the current version of each ' +
      'object whose tags contain no outcome.',
    'Objects are sent in the order of their keys, at the rate that ComplyCube allows. While many messages wait in the queue, the ' +
      'command waits too, so that new photos are not delayed.',
    'Folder markers (0 bytes, key ends with /) and objects in GLACIER or DEEP_ARCHIVE that are not restored are counted ' +
      'and not sent.',
    'The command lists the bucket and reads the tags of each object, with --dry-run as well. This costs about $0.40 per ' +
      'million objects.',
    'If it is interrupted, it prints the command that continues. Starting again is safe too: objects with an outcome are ' +
      'skipped.',
  ],
  parse: parseWalkOptions,
  run: (options, terminal) =>
    sendPhotos(
      {
        words: ['backfill'],
        what: 'photos without an outcome',
        select: ({ location }, { kind }) =>
          kind === 'none' ? photoMessage(location, { command: 'backfill', nowMs: Date.now() }) : undefined,
      },
      options,
      terminal,
    ),
};
