/** What the command's exit status says. */
export const exitStatus = {
  done: 0,
  /** Something is wrong with the stack, or the command could not do its work. */
  wrong: 1,
  /** The command line is wrong: nothing was done. */
  usage: 2,
  /** Ctrl-C, as shells have it: 128 and SIGINT's number. */
  interrupted: 130,
} as const;

/** One of {@link exitStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
