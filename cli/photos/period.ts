import { UsageError } from '../command-error';

/** A span of time that photo objects were put in; an end that is left out is open. */
export interface Period {
  /** Milliseconds since 1970; inside. */
  readonly sinceMs: number | undefined;
  /** Milliseconds since 1970; outside. */
  readonly untilMs: number | undefined;
}

/**
 * Reads `--since` and `--until`.
 * @throws UsageError when one is no date, or when nothing can lie between them.
 */
export function parsePeriod(since: string | undefined, until: string | undefined): Period {
  const period = { sinceMs: parseMoment('--since', since), untilMs: parseMoment('--until', until) };
  if (period.sinceMs !== undefined && period.untilMs !== undefined && period.sinceMs >= period.untilMs) {
    throw new UsageError(`--since ${since ?? ''} is not before --until ${until ?? ''}: nothing lies between them`);
  }
  return period;
}

/** Whether a moment lies in a period. */
export function isWithin(ms: number, { sinceMs = -Infinity, untilMs = Infinity }: Period): boolean {
  return sinceMs <= ms && ms < untilMs;
}

/** A day in UTC, or a moment that names its time zone: a day of the reader's own zone would mean another elsewhere. */
const pattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function parseMoment(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, day = ''] = pattern.exec(text) ?? [];
  const ms = day === '' ? NaN : Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new UsageError(`${option} is ${text}: give a day as 2026-11-30, in UTC, or a moment as 2026-11-30T09:00:00Z`);
  }
  return ms;
}
