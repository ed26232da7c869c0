import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { BodyTooLargeError, listenOnLoopback, type LoopbackServer, readBody } from 'loopback-server/loopback-server';
import { clockShiftVariable } from './clock-shift';
import type { InvocationReport } from './invocation-report';

/** The function that an environment runs, as the template describes it. */
export interface LocalFunction {
  readonly name: string;
  /** The folder with the deployed bundle. */
  readonly codeFolder: string;
  /** `file.export` in the code folder. */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** The function's environment variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The function failed to start, threw, timed out, or its process ended. Its messages are redelivered. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
}

/** Options of an execution environment. */
export interface ExecutionEnvironmentOptions {
  /** The program that runs the function: the compiled `runtime.ts`, or another client of the Runtime API. */
  readonly runtimePath: string;
  /** The Node that runs it. Default: the Node of this process. */
  readonly nodePath?: string | undefined;
  /** Called with each line that the function prints. */
  readonly onLogLine: (line: string) => void;
  /** Called after each invocation. */
  readonly onReport?: ((report: InvocationReport) => void) | undefined;
  /** How far the clock of each new process is ahead, in milliseconds. Negative: behind. Default: 0. */
  readonly clockShiftMs?: (() => number) | undefined;
}

interface Invocation {
  readonly requestId: string;
  readonly event: string;
  readonly settle: (answer: Answer) => void;
  /** When the function received the event. */
  deliveredAt?: number;
}

type Answer = { readonly response: unknown } | { readonly error: string };

/**
 * Limit of the init phase, which is not part of the function's timeout. Lambda allows 10 s (developer guide, "Init phase"). The
 * limit here is larger, because a local machine can be busy.
 */
const initTimeoutMs = 120_000;
const maxResponseBytes = 6_291_556; // Lambda's quota for a synchronous response
const runtimeApi = '/2018-06-01/runtime';
/** AWS's own runtime client crashes without a content type. */
const answerHeaders = { 'content-type': 'application/json' };

/**
 * One execution environment: a separate process that uses Lambda's Runtime API.
 *
 * As on Lambda, it runs one invocation at a time, is frozen between invocations, and is killed on timeout.
 */
export class ExecutionEnvironment {
  private readonly server: Promise<LoopbackServer>;
  private child: ChildProcess | undefined;
  private invocation: Invocation | undefined;
  /** The runtime's open request for the next invocation. */
  private waiting: ServerResponse | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isEnded = false;
  private readonly logStreamName = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;

  constructor(
    private readonly definition: LocalFunction,
    private readonly options: ExecutionEnvironmentOptions,
  ) {
    this.server = listenOnLoopback((request, response) => void this.serve(request, response));
  }

  /** Undefined before the first invocation. */
  get processId(): number | undefined {
    return this.child?.pid;
  }

  /** Whether it can run another invocation. */
  get isAlive(): boolean {
    return !this.isEnded;
  }

  /**
   * Invokes the function and returns its response. The first invocation starts the process.
   * @throws InvocationError if it fails. Unless the function threw, the environment has ended.
   */
  async invoke(event: unknown): Promise<unknown> {
    const server = await this.server;
    if (this.isEnded) throw new InvocationError('the execution environment has ended');
    this.child ??= this.spawn(server);
    const answer = await new Promise<Answer>((settle) => {
      this.invocation = { requestId: randomUUID(), event: JSON.stringify(event), settle };
      this.endAfter(initTimeoutMs, 'did not get ready');
      this.deliver();
    });
    clearTimeout(this.timer);
    this.report(answer);
    this.invocation = undefined;
    if ('error' in answer) throw new InvocationError(answer.error);
    return answer.response;
  }

  private report(answer: Answer): void {
    const { deliveredAt } = this.invocation ?? {};
    this.options.onReport?.({
      functionName: this.definition.name,
      outcome: 'error' in answer ? 'failed' : 'succeeded',
      durationMs: deliveredAt === undefined ? undefined : Math.ceil(performance.now() - deliveredAt),
    });
  }

  /** Kills the process and waits for its exit. */
  async stop(): Promise<void> {
    this.end('the execution environment was stopped');
    const { child } = this;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await (await this.server).close();
  }

  private spawn(server: LoopbackServer): ChildProcess {
    const { runtimePath, nodePath = process.execPath, clockShiftMs } = this.options;
    const child = spawn(nodePath, [runtimePath], {
      cwd: this.definition.codeFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Only the variables that the function has on Lambda, none of this process.
      env: {
        ...this.definition.variables,
        AWS_LAMBDA_RUNTIME_API: new URL(server.url).host,
        AWS_LAMBDA_FUNCTION_NAME: this.definition.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.definition.memoryMb),
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${this.definition.name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: this.logStreamName,
        LAMBDA_TASK_ROOT: this.definition.codeFolder,
        TZ: ':UTC',
        _HANDLER: this.definition.handler,
        ...(clockShiftMs !== undefined && { [clockShiftVariable]: String(clockShiftMs()) }),
      },
    });
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', this.options.onLogLine);
    child.once('error', ({ message }) => {
      this.end(`the function's process did not start: ${message}`);
    });
    child.once('exit', (code, signal) => {
      this.end(`the function's process ended (${signal ?? String(code)})`);
    });
    return child;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.startsWith(runtimeApi) ? request.url.slice(runtimeApi.length) : '';
    if (path === '/invocation/next') {
      this.waiting = response;
      if (this.invocation === undefined) this.freeze();
      else this.deliver();
      return;
    }
    // Read before the body: another invocation may start meanwhile.
    const { requestId = '', settle } = this.invocation ?? {};
    try {
      const body = JSON.parse((await readBody(request, maxResponseBytes)).toString() || 'null') as unknown;
      if (path === '/init/error') this.end(describeError(body));
      if (path === `/invocation/${requestId}/response`) settle?.({ response: body });
      if (path === `/invocation/${requestId}/error`) settle?.({ error: describeError(body) });
      response.writeHead(202, answerHeaders).end('{"status":"OK"}');
    } catch (error) {
      // Any other error means that the process died. Its exit event reports that.
      if (!(error instanceof BodyTooLargeError)) return;
      settle?.({ error: `the response is larger than ${maxResponseBytes} bytes` });
      response.writeHead(413, { ...answerHeaders, connection: 'close' }).end();
    }
  }

  private deliver(): void {
    if (this.waiting === undefined || this.invocation === undefined) return;
    const { timeoutMs, name } = this.definition;
    this.invocation.deliveredAt = performance.now();
    this.endAfter(timeoutMs, 'timed out');
    this.thaw();
    this.waiting.writeHead(200, {
      ...answerHeaders,
      'lambda-runtime-aws-request-id': this.invocation.requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    });
    this.waiting.end(this.invocation.event);
    this.waiting = undefined;
  }

  private endAfter(ms: number, what: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.end(`the function ${what} after ${ms} ms`);
    }, ms);
  }

  /** Kills the process and fails the current invocation. */
  private end(reason: string): void {
    this.isEnded = true;
    clearTimeout(this.timer);
    this.invocation?.settle({ error: reason });
    this.child?.kill('SIGKILL');
  }

  /** As on Lambda, nothing runs between invocations: no timer, no pending work. */
  private freeze(): void {
    if (process.platform !== 'win32') this.child?.kill('SIGSTOP');
  }

  private thaw(): void {
    if (process.platform !== 'win32') this.child?.kill('SIGCONT');
  }
}

function describeError(body: unknown): string {
  const { errorType = 'Error', errorMessage = 'no message' } = body as Readonly<Record<string, string>>;
  return `${errorType}: ${errorMessage}`;
}
