import type { ChildProcess } from 'node:child_process';

/** How a process ended, and what it printed on both of its streams when they are piped. */
export interface Finished {
  /** Undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly output: string;
}

/**
 * Waits until a process has ended.
 * @throws what `spawn` reports, such as ENOENT when there is no such program.
 */
export async function finish(child: ChildProcess): Promise<Finished> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { status: status ?? undefined, output };
}

/** The end of what a process printed. */
export function lastLines(output: string, count: number): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
