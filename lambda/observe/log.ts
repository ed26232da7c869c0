/** Fields of a log line. Never bytes of a photo, key material, a client ID or a whole event. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON object for each line, in Lambda's JSON log format. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Creates a log that adds these fields to every line. */
  with(fields: LogFields): Log;
}

/**
 * Creates a log.
 * @param write writes one line. Default: to standard output, which Lambda sends to CloudWatch unchanged if it is JSON.
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

/** Describes an error and its causes in one line, without stack traces and bodies. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'a value that is not an Error was thrown';
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const cause = error.cause === undefined ? '' : ` ← ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}${code}${cause}`;
}
