/** Values of a log line; never bytes of a photo, key material, a client ID or a whole event. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes JSON log lines, one object a line, in the shape of Lambda's own JSON log format. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all carry these fields too. */
  with(fields: LogFields): Log;
}

/**
 * Makes a log.
 * @param write takes one line; standard output is what Lambda sends to CloudWatch, JSON lines as they are.
 */
export function createLog(
  write: (line: string) => void = (line) => {
    process.stdout.write(`${line}\n`);
  },
  common: LogFields = {},
): Log {
  const at = (level: string) => (message: string, fields?: LogFields) => {
    write(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...common, ...fields }));
  };
  return {
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    with: (fields) => createLog(write, { ...common, ...fields }),
  };
}

/** Describes an error and its causes in one line, without stack and without bodies. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown';
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const cause = error.cause === undefined ? '' : ` ← ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}${code}${cause}`;
}
