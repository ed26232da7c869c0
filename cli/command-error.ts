/** The command line is wrong; the message says how and what to do, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command can't do its work; the message says why and what to do, in one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
