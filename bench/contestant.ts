import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SQSEvent } from 'aws-lambda';
import type { Contestant } from './contestants';
import type { Cost, RuntimeReply, RuntimeRequest } from './runtime';
import type { Stage } from './stage';

/** A contestant in a process of its own, as Lambda would run it. */
export class RunningContestant {
  private tell: (reply: RuntimeReply) => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: RuntimeReply) => {
      this.tell(reply);
    });
    child.on('exit', () => {
      this.tell({ error: 'The process ended' });
    });
  }

  /**
   * Starts the process; nothing is loaded yet.
   * @param memoryMb of the function: Lambda's runtime sizes V8's heap by it.
   */
  static start(stage: Stage, memoryMb: number): RunningContestant {
    const child = fork(stage.programs.runtime, {
      execPath: stage.nodePath,
      execArgv: lambdaFlags(memoryMb),
      env: stage.variables,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new RunningContestant(child);
  }

  /** Starts the process and loads the handler. */
  static async startLoaded(stage: Stage, contestant: Contestant, memoryMb: number): Promise<RunningContestant> {
    const running = RunningContestant.start(stage, memoryMb);
    await running.load(stage.bundles[contestant]);
    return running;
  }

  get processId(): number {
    return this.child.pid ?? 0;
  }

  /** Loads the handler: what Lambda calls initialisation, without the start of the process. */
  load(bundle: string): Promise<Cost> {
    return this.ask({ load: bundle });
  }

  /** Invokes the handler so many times, one after another. */
  invoke(event: SQSEvent, times = 1): Promise<Cost> {
    return this.ask({ invoke: event, times });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** @throws when the handler fails, or the process ends. */
  private async ask(request: RuntimeRequest): Promise<Cost> {
    const reply = new Promise<RuntimeReply>((resolve) => {
      this.tell = resolve;
    });
    this.child.send(request);
    const cost = await reply;
    if ('error' in cost) throw new Error(cost.error);
    return cost;
  }
}

/**
 * What Lambda starts Node with, as far as that is known: public copies of its runtime's bootstrap script give the heap's old
 * space 90 % of the function's memory and a semi-space 5 %.
 */
function lambdaFlags(memoryMb: number): string[] {
  return [
    '--expose-gc',
    `--max-semi-space-size=${Math.floor(memoryMb * 0.05)}`,
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
  ];
}
