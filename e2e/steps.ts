import { type Paint, printable } from '../local/paint';

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

/** Room for the longest. */
const widths = { name: 'set the API key'.length, seconds: 'seconds'.length };

/** The first line of the table of steps. */
export function renderStepsHeader(paint: Paint): string {
  return paint('dim', renderRow(' ', 'step', 'seconds', 'result'));
}

/** Renders a step that has ended as a line of the table, and below it, indented, what else a failed one has to say. */
export function renderStep({ name, result, seconds, isRight }: Step, paint: Paint): string {
  const [headline = '', ...more] = result.split('\n').map(printable);
  const row = renderRow(isRight ? '✓' : '✗', name, seconds.toFixed(1), headline);
  return [row, ...more.map((line) => `    ${line}`)].map((line) => (isRight ? line : paint('red', line))).join('\n');
}

function renderRow(mark: string, name: string, seconds: string, result: string): string {
  return `${mark} ${name.padEnd(widths.name)}  ${seconds.padStart(widths.seconds)}  ${result}`;
}
