import type { Paint } from '../local/paint';

/** What became of a step. */
export interface Step {
  readonly name: string;
  /** In words; what follows the first line is for who wants to know why. */
  readonly result: string;
  readonly seconds: number;
  readonly isRight: boolean;
}

/** A check of a step failed; the message says what is wrong. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** What a step has to say, and what the next ones work with. */
export interface StepReport<Value> {
  readonly result: string;
  readonly value: Value;
}

/** The steps of a run, one after another, each with how it ended. */
export class Steps {
  private readonly ended: Step[] = [];

  /**
   * @param onStep told of each step as soon as it has ended.
   * @param interruption once aborted, only steps that clean up are taken.
   */
  constructor(
    private readonly onStep: (step: Step) => void,
    private readonly interruption: AbortSignal,
  ) {}

  /** The steps so far. */
  get all(): readonly Step[] {
    return this.ended;
  }

  /**
   * Takes a step.
   * @returns its value; undefined when it failed, which is noted and does not end the run: most steps check something of
   * their own, and what was deployed is to be destroyed.
   */
  async take<Value>(name: string, work: () => Promise<StepReport<Value>>): Promise<Value | undefined> {
    if (this.interruption.aborted) return undefined;
    return this.cleanUp(name, work);
  }

  /** Takes a step, whatever happened. */
  async cleanUp<Value>(name: string, work: () => Promise<StepReport<Value>>): Promise<Value | undefined> {
    const startedAt = performance.now();
    const end = (result: string, isRight: boolean): void => {
      const step = { name, result, seconds: (performance.now() - startedAt) / 1000, isRight };
      this.ended.push(step);
      this.onStep(step);
    };
    try {
      const { result, value } = await work();
      end(result, true);
      return value;
    } catch (error) {
      end(describe(error), false);
      return undefined;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof CheckError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Renders that a step has ended, with all that it says. */
export function renderStep({ name, result, seconds, isRight }: Step, paint: Paint): string {
  const mark = isRight ? paint('green', '✓') : paint('red', '✗');
  return `${mark} ${name}: ${result}  ${paint('dim', `${seconds.toFixed(1)} s`)}`;
}

/** Renders steps as a table, a line each. */
export function renderSteps(steps: readonly Step[], paint: Paint): string {
  const rows = steps.map(({ name, result, seconds }) => [name, result.split('\n')[0] ?? '', seconds.toFixed(1)]);
  const header = ['step', 'result', 'seconds'];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const renderRow = ([name = '', result = '', seconds = '']: readonly string[]): string =>
    [name.padEnd(widths[0] ?? 0), result.padEnd(widths[1] ?? 0), seconds.padStart(widths[2] ?? 0)].join('  ');
  const lines = rows.map((row, at) => (steps[at]?.isRight === false ? paint('red', renderRow(row)) : renderRow(row)));
  return [paint('dim', renderRow(header)), ...lines].join('\n');
}
