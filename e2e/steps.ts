import { printable } from '../cli/terminal/text';
import type { Paint } from '../local/paint';

/** The result of a step. */
export interface Step {
  readonly name: string;
  /** Further lines explain a failure. */
  readonly result: string;
  readonly seconds: number;
  readonly isPassed: boolean;
}

/** A check failed; the message says what is wrong. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** A step's result to print, and a value for the next steps. */
export interface StepReport<Value> {
  readonly result: string;
  readonly value: Value;
}

/** Runs the steps of a run and records their results. */
export class Steps {
  private readonly ended: Step[] = [];

  /**
   * @param onStep called after each step.
   * @param interruption when aborted, only clean-up steps run.
   */
  constructor(
    private readonly onStep: (step: Step) => void,
    private readonly interruption: AbortSignal,
  ) {}

  /** The results so far. */
  get all(): readonly Step[] {
    return this.ended;
  }

  /**
   * Runs a step. A failure is recorded and does not stop the run: the other checks still make sense, and the stack must be destroyed.
   * @returns its value; undefined if it failed.
   */
  async run<Value>(name: string, work: () => Promise<StepReport<Value>>): Promise<Value | undefined> {
    if (this.interruption.aborted) return undefined;
    return this.cleanUp(name, work);
  }

  /** Runs a step even after an interruption. */
  async cleanUp<Value>(name: string, work: () => Promise<StepReport<Value>>): Promise<Value | undefined> {
    const startedAt = performance.now();
    const end = (result: string, isPassed: boolean): void => {
      const step = { name, result, seconds: (performance.now() - startedAt) / 1000, isPassed };
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

/** Renders a step as a line. Further lines of its result follow, indented. */
export function renderStep({ name, result, seconds, isPassed }: Step, paint: Paint): string {
  const [headline = '', ...more] = result.split('\n').map(printable);
  const first = `${isPassed ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s): ${headline}`;
  return [first, ...more.map((line) => `    ${line}`)].map((line) => (isPassed ? line : paint('red', line))).join('\n');
}
