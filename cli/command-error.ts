/** The command line is wrong. The message says in one line what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command failed. The message says in one line why, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
