import { ExecutionEnvironment, type ExecutionEnvironmentOptions, type LocalFunction } from './execution-environment';

/** Reuses idle execution environments, and starts a new one if all are busy. */
export class EnvironmentPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly all = new Set<ExecutionEnvironment>();
  /** Kills frozen processes, which would otherwise outlive this one. */
  private readonly killAll = (): void => {
    for (const environment of this.all) void environment.stop();
  };

  constructor(
    private readonly definition: LocalFunction,
    private readonly options: ExecutionEnvironmentOptions,
  ) {
    process.on('exit', this.killAll);
  }

  /** The processes of all environments, busy and idle. */
  get processIds(): number[] {
    return [...this.all].flatMap(({ processId }) => processId ?? []);
  }

  /**
   * Invokes the function in one of the environments.
   * @throws InvocationError if the invocation fails. An environment that has ended is discarded first.
   */
  async invoke(event: unknown): Promise<unknown> {
    const environment = await this.take();
    try {
      return await environment.invoke(event);
    } finally {
      if (environment.isAlive) this.idle.push(environment);
      else await this.discard(environment);
    }
  }

  /** Ends every environment, including busy ones. */
  async stop(): Promise<void> {
    await Promise.all([...this.all].map((environment) => this.discard(environment)));
    process.off('exit', this.killAll);
  }

  private async take(): Promise<ExecutionEnvironment> {
    for (let warm = this.idle.pop(); warm !== undefined; warm = this.idle.pop()) {
      if (warm.isAlive) return warm;
      await this.discard(warm);
    }
    const started = new ExecutionEnvironment(this.definition, this.options);
    this.all.add(started);
    return started;
  }

  private async discard(environment: ExecutionEnvironment): Promise<void> {
    await environment.stop();
    this.all.delete(environment);
  }
}
