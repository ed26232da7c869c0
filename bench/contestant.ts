import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SQSEvent } from 'aws-lambda';
import type { Contestant } from './contestants';
import type { Cost, RuntimeReply, RuntimeRequest } from './runtime';
import type { Setup } from './setup';

/** A contestant in a separate process, started as Lambda starts it. */
export class RunningContestant {
  private onReply: (reply: RuntimeReply) => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: RuntimeReply) => this.onReply(reply));
    child.on('exit', () => this.onReply({ error: 'The process exited' }));
  }

  /**
   * Starts the process without loading the handler.
   * @param memoryMb the function's memory, from which Lambda's runtime derives the size of V8's heap.
   */
  static start(setup: Setup, memoryMb: number): RunningContestant {
    const child = fork(setup.programs.runtime, {
      execPath: setup.nodePath,
      execArgv: lambdaFlags(memoryMb),
      env: setup.variables,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new RunningContestant(child);
  }

  /** Starts the process and loads the handler. */
  static async startLoaded(setup: Setup, contestant: Contestant, memoryMb: number): Promise<RunningContestant> {
    const running = RunningContestant.start(setup, memoryMb);
    await running.load(setup.bundles[contestant]);
    return running;
  }

  get processId(): number {
    return this.child.pid ?? 0;
  }

  /** Loads the handler: Lambda's init phase without the start of the process. */
  load(bundle: string): Promise<Cost> {
    return this.request({ load: bundle });
  }

  /** Invokes the handler `times` times, one after another. */
  invoke(event: SQSEvent, times = 1): Promise<Cost> {
    return this.request({ invoke: event, times });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** @throws Error when the handler fails or the process exits. */
  private async request(request: RuntimeRequest): Promise<Cost> {
    const reply = new Promise<RuntimeReply>((resolve) => {
      this.onReply = resolve;
    });
    this.child.send(request);
    const cost = await reply;
    if ('error' in cost) throw new Error(cost.error);
    return cost;
  }
}

/**
 * The known flags of Lambda's Node.js runtime: according to public copies of its bootstrap script, the old space gets 90 % of the
 * function's memory and a semi-space 5 %.
 */
function lambdaFlags(memoryMb: number): string[] {
  return [
    '--expose-gc',
    `--max-semi-space-size=${Math.floor(memoryMb * 0.05)}`,
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
  ];
}
