/** The messages of an invocation that are being processed. */
export class MessagesInProgress {
  private count = 0;
  /** How many of them have not called ComplyCube yet. */
  private waiting = 0;
  private wake: () => void = () => undefined;

  /** Processes a message. @param work gets a function to call whenever the message's call to ComplyCube starts. */
  async add(work: (onCall: () => void) => Promise<void>): Promise<void> {
    let isWaiting = true;
    const leave = (): void => {
      if (isWaiting) this.waiting--;
      isWaiting = false;
      this.wake();
    };
    this.count++;
    this.waiting++;
    try {
      await work(leave);
    } finally {
      this.count--;
      leave();
    }
  }

  /** Resolves when fewer messages than this wait for their call, and there is room for more. */
  async untilFewWait(than: () => number): Promise<void> {
    while (this.waiting >= than() || this.count > maxInProgress) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** Each has a connection to ComplyCube. An execution environment has 1,024 file descriptors (Lambda quotas). */
const maxInProgress = 400;
