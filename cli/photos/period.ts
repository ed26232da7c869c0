import { UsageError } from '../command-error';

/** A period in which photo objects were created. An undefined end is open. */
export interface Period {
  /** Milliseconds since 1970; inclusive. */
  readonly sinceMs: number | undefined;
  /** Milliseconds since 1970; exclusive. */
  readonly untilMs: number | undefined;
}

/**
 * Parses `--since` and `--until`.
 * @throws UsageError if one is no date, or if the period is empty.
 */
export function parsePeriod(since: string | undefined, until: string | undefined): Period {
  const period = { sinceMs: parseTime('--since', since), untilMs: parseTime('--until', until) };
  if (period.sinceMs !== undefined && period.untilMs !== undefined && period.sinceMs >= period.untilMs) {
    throw new UsageError(`--since ${since ?? ''} is not before --until ${until ?? ''}`);
  }
  return period;
}

/** Whether a time is in a period. */
export function isWithin(ms: number, { sinceMs = -Infinity, untilMs = Infinity }: Period): boolean {
  return sinceMs <= ms && ms < untilMs;
}

/** A day in UTC, or a time with its time zone. Local time would mean something else on another machine. */
const pattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function parseTime(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, day = ''] = pattern.exec(text) ?? [];
  const ms = day === '' ? NaN : Date.parse(text);
  // Date.parse reads 30 February as 2 March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new UsageError(`${option} is ${text}: use a day in UTC as 2026-11-30, or a time as 2026-11-30T09:00:00Z`);
  }
  return ms;
}
