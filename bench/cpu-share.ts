import { readdirSync, readFileSync } from 'node:fs';

/** Lambda allocates CPU by memory: 1,769 MB are one vCPU (Lambda developer guide, "Configuring function memory"). */
export function cpuShareOf(memoryMb: number): number {
  return memoryMb / 1769;
}

/** Whether this machine reports the CPU time of all threads of a process. */
export const canLimitCpu = process.platform === 'linux';

/** An active limit of a process's CPU time. */
export interface CpuLimit {
  lift(): void;
}

const pollMs = 2;
/** Burst that a CFS quota with the usual period of 20 ms allows. */
const burstMs = 20;

/** Limits a process to a share of one CPU. SIGSTOP and SIGCONT do this without special permissions, unlike cgroups. */
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

/** The CPU time that a process may still use. It grows with time, up to one burst. Overuse is deducted. */
export class CpuAllowance {
  private leftMs: number;

  constructor(
    private readonly share: number,
    private atMs: number,
    private usedMs: number,
  ) {
    this.leftMs = share * burstMs;
  }

  /** Whether the process must wait. @param usedMs CPU time that it has used since its start. */
  isUsedUp(atMs: number, usedMs: number): boolean {
    this.leftMs += (atMs - this.atMs) * this.share - (usedMs - this.usedMs);
    this.leftMs = Math.min(this.leftMs, this.share * burstMs);
    this.atMs = atMs;
    this.usedMs = usedMs;
    return this.leftMs <= 0;
  }
}

/** CPU milliseconds of all threads. The first number in `schedstat` is in nanoseconds (Linux, sched-stats). */
function usedCpuMs(processId: number): number {
  const tasks = `/proc/${processId}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ', 1)[0]);
  }
  return nanoseconds / 1e6;
}
