/** Exit statuses of the command. */
export const exitStatus = {
  done: 0,
  /** Something is wrong with the stack, or the command failed. */
  wrong: 1,
  /** The command line is wrong. Nothing was done. */
  usage: 2,
  /** Interrupted by Ctrl-C: 128 plus the number of SIGINT, as in shells. */
  interrupted: 130,
} as const;

/** One of {@link exitStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
