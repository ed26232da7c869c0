import { randomUUID } from 'node:crypto';
import { AwsJsonError } from '../aws-json-error';
import type { AwsJsonInput } from '../aws-json-input';
import { type AwsJsonFaults, type AwsJsonServer, startAwsJsonServer } from '../aws-json-protocol';

/** Options of the local EventBridge. */
export interface LocalEventBridgeOptions extends AwsJsonFaults {
  /** Called with every accepted event. */
  readonly onEvent?: (event: PublishedEvent) => void;
}

/** A published event, as a rule sees it. */
export interface PublishedEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A running local EventBridge. */
export interface LocalEventBridge extends AwsJsonServer {
  /** Every accepted event, oldest first. */
  readonly events: readonly PublishedEvent[];
}

/** Ten entries with 256 KB in total, of which JSON may write each byte as six characters. */
const maxBodyBytes = 2 * 1024 * 1024;
const maxEntries = 10;

/**
 * Starts a local EventBridge that accepts events with PutEvents and keeps them in memory. It has no rules, targets or archives.
 * For any other operation the response is NotImplemented with its name. Signatures are not checked.
 */
export async function startEventBridge(options: LocalEventBridgeOptions = {}): Promise<LocalEventBridge> {
  const { onEvent = () => undefined, fault, faultAfter } = options;
  const events: PublishedEvent[] = [];
  const accept = (entry: AwsJsonInput): object => {
    const problem = problemOf(entry);
    if (problem !== undefined) return problem;
    const event: PublishedEvent = {
      id: randomUUID(),
      bus: entry.string('EventBusName') ?? 'default',
      source: entry.string('Source') ?? '',
      detailType: entry.string('DetailType') ?? '',
      detail: JSON.parse(entry.string('Detail') ?? '') as Record<string, unknown>,
    };
    events.push(event);
    onEvent(event);
    return { EventId: event.id };
  };
  const putEvents = (input: AwsJsonInput): object => {
    const entries = input.structures('Entries') ?? [];
    if (entries.length === 0 || entries.length > maxEntries) {
      throw new AwsJsonError('ValidationException', `There must be 1 to ${maxEntries} entries`);
    }
    const results = entries.map(accept);
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };
  const api = { target: 'AWSEvents', version: '1.1', errorNamespace: '', maxBodyBytes } as const;
  const server = await startAwsJsonServer({ ...api, operations: { PutEvents: putEvents }, fault, faultAfter });
  return { ...server, events };
}

/** Each entry has its own result (EventBridge API reference, PutEvents). */
function problemOf(entry: AwsJsonInput): { ErrorCode: string; ErrorMessage: string } | undefined {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => (entry.string(name) ?? '') === '');
  if (missing !== undefined)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${missing} is not valid.` };
  return isJsonObject(entry.string('Detail') ?? '')
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
