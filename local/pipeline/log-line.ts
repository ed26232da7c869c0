import { isRecord } from 'complycube-stand-in/json-body';

/**
 * Parses a line of the function's log.
 * @returns undefined for lines that are not JSON objects, such as those of the runtime.
 */
export function readLogLine(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
