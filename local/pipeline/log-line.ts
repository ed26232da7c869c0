import { isRecord } from 'complycube-stand-in/json-body';

/**
 * Reads one line of a function's log as the JSON object that the function logs.
 * @returns undefined for any other line, such as the runtime's own.
 */
export function readLogLine(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
