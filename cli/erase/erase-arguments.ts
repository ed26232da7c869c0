import { isClientId } from '../../contract/photo-rules';
import { UsageError } from '../command-error';
import { type OptionValues, parseSendOptions, type SendArguments } from '../options';

/** Arguments of `erase`. */
export interface EraseArguments extends SendArguments {
  /** Empty: the whole bucket is walked. */
  readonly keys: readonly string[];
  readonly prefix: string | undefined;
  readonly startAfter: string | undefined;
  readonly clientId: string | undefined;
  readonly olderThanDays: number | undefined;
  /** Only versions that were created before this time. Milliseconds since 1970. */
  readonly createdBeforeMs: number;
  /** Whether the versions are deleted from S3 after they are erased. */
  readonly deletesNow: boolean;
  /** Whether the client's live photos are deleted that no version names. */
  readonly isOfWholeClient: boolean;
}

/** @throws UsageError if nothing, or something contradictory, is chosen. */
export function parseEraseArguments(values: OptionValues, keys: readonly string[]): EraseArguments {
  const { prefix, 'start-after': startAfter, 'client-id': clientId } = values;
  const olderThanDays = parseDays(values['older-than']);
  if (keys.includes('')) throw new UsageError("KEY is empty: use an object's key");
  const isOfWholeClient = values['all-of-client'] === true;
  if (isOfWholeClient) checkWholeClient(values, keys);
  if (keys.length === 0 && clientId === undefined && olderThanDays === undefined) {
    throw new UsageError('Nothing is chosen: use KEY, --client-id or --older-than');
  }
  if (keys.length > 0 && (prefix !== undefined || startAfter !== undefined)) {
    throw new UsageError('KEY can’t be combined with --prefix or --start-after: they are for a walk over the bucket');
  }
  if (clientId !== undefined && !isClientId(clientId)) {
    throw new UsageError(`--client-id is ${clientId}: use 1 to 64 characters of A-Z a-z 0-9 _ -`);
  }
  const createdBeforeMs = Date.now() - (olderThanDays ?? 0) * 86_400_000;
  const deletesNow = values['delete-now'] === true;
  return {
    ...parseSendOptions(values),
    keys,
    prefix,
    startAfter,
    clientId,
    olderThanDays,
    createdBeforeMs,
    deletesNow,
    isOfWholeClient,
  };
}

/** While the client has versions that the command leaves out, it must not delete all its live photos. */
function checkWholeClient(values: OptionValues, keys: readonly string[]): void {
  if (values['client-id'] === undefined) throw new UsageError('--all-of-client needs --client-id');
  const restrictions = ['prefix', 'start-after', 'older-than'] as const;
  if (keys.length === 0 && restrictions.every((name) => values[name] === undefined)) return;
  throw new UsageError(
    '--all-of-client can’t be combined with KEY, --prefix, --start-after or --older-than: it is for all versions of a client',
  );
}

function parseDays(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days === 0) throw new UsageError(`--older-than is ${text}: use a whole number of days above 0`);
  return days;
}
