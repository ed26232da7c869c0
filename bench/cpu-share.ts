import { readdirSync, readFileSync } from 'node:fs';

/** Lambda gives a function the CPU of its memory: 1,769 MB are one vCPU (Lambda developer guide, "Configuring function memory"). */
export function cpuShareOf(memoryMb: number): number {
  return memoryMb / 1769;
}

/** Whether this machine tells what all threads of a process used. */
export const canLimitCpu = process.platform === 'linux';

/** Holds a process to its share of a CPU until it is told not to. */
export interface CpuLimit {
  lift(): void;
}

const pollMs = 2;
/** As much as a CFS quota of the usual 20 ms period lets a process use at once. */
const burstMs = 20;

/**
 * Holds a process to a share of one CPU: it is stopped when it has used more than its allowance, which grows with time, and
 * goes on when it has waited long enough. Signals do it, which need no rights.
 */
export function limitCpu(processId: number, share: number): CpuLimit {
  const allowance = new CpuAllowance(share, performance.now(), usedCpuMs(processId));
  let isStopped = false;
  const timer = setInterval(() => {
    const mustStop = allowance.isUsedUp(performance.now(), usedCpuMs(processId));
    if (mustStop !== isStopped) process.kill(processId, mustStop ? 'SIGSTOP' : 'SIGCONT');
    isStopped = mustStop;
  }, pollMs);
  return {
    lift: () => {
      clearInterval(timer);
      if (isStopped) process.kill(processId, 'SIGCONT');
    },
  };
}

/** How much CPU a process may still use: it grows with time, up to one period's, and what was overdrawn is owed. */
export class CpuAllowance {
  private leftMs: number;

  constructor(
    private readonly share: number,
    private atMs: number,
    private usedMs: number,
  ) {
    this.leftMs = share * burstMs;
  }

  /** Whether the process must wait, at this time and having used so much. */
  isUsedUp(atMs: number, usedMs: number): boolean {
    this.leftMs += (atMs - this.atMs) * this.share - (usedMs - this.usedMs);
    this.leftMs = Math.min(this.leftMs, this.share * burstMs);
    this.atMs = atMs;
    this.usedMs = usedMs;
    return this.leftMs <= 0;
  }
}

/** CPU milliseconds of all threads: the first number of each one's `schedstat`, in nanoseconds (Linux, sched-stats). */
function usedCpuMs(processId: number): number {
  const tasks = `/proc/${processId}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ', 1)[0]);
  }
  return nanoseconds / 1e6;
}
