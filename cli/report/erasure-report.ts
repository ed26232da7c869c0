import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import {
  type ClientErasureRecord,
  type ErasureOutcome,
  type ErasureRecord,
  erasureRecordPrefix,
} from '../../contract/erasure-record';
import { isJsonObject } from '../../contract/json-object';
import { inOrder } from '../photos/in-order';
import { isWithin, type Period } from '../photos/period';

/** A row of the evidence. The fields are the columns of the CSV and the fields of `--json`. */
export interface ErasureRow {
  /** When ComplyCube's part was done (ISO 8601). */
  readonly erased_at: string;
  readonly requested_at: string;
  /** SQS's `SenderId`. */
  readonly requested_by: string;
  /** Empty for the erasure of a client, like `key_hash`, `version` and `status`. */
  readonly bucket: string;
  /** The SHA-256 of bucket and key. */
  readonly key_hash: string;
  readonly version: string;
  /** For the erasure of a client: `refused` if at least one live photo was, else `deleted` if at least one was. */
  readonly outcome: ErasureOutcome;
  /** The HTTP status of ComplyCube's last answer; empty if no call was needed. */
  readonly status: string;
  /** ComplyCube's words, if it refused. */
  readonly said: string;
  readonly request_id: string;
  /** How many live photos of a client ended how. Empty for the erasure of a version. */
  readonly deleted: string;
  readonly not_found: string;
  readonly refused: string;
}

/** The columns of the CSV, in order. */
export const erasureColumns = [
  ...['erased_at', 'requested_at', 'requested_by', 'bucket', 'key_hash'],
  ...['version', 'outcome', 'status', 'said', 'request_id', 'deleted', 'not_found', 'refused'],
] as readonly (keyof ErasureRow)[];

/** A record has fields of a version or counts of a client. */
type StoredRecord = ErasureRecord | ClientErasureRecord;

const concurrentReads = 16;

/** Dependencies of {@link readErasures}. */
export interface ErasureReportDeps {
  readonly s3: S3Client;
  readonly claimsBucket: string;
  readonly period: Period;
  /** Called with the key of each object that is no evidence. */
  readonly onUnreadable: (key: string) => void;
}

/** Reads the evidence of the erasures that were requested in a period, in the order of days. */
export async function* readErasures({
  s3,
  claimsBucket,
  period,
  onUnreadable,
}: ErasureReportDeps): AsyncGenerator<ErasureRow> {
  const records = inOrder(listKeys(s3, claimsBucket, period), concurrentReads, async (key) => ({
    key,
    record: await readRecord(s3, claimsBucket, key),
  }));
  for await (const { key, record } of records) {
    if (record === 'unreadable') onUnreadable(key);
    else if (record !== 'gone' && isWithin(Date.parse(record.requestedAt), period)) yield rowOf(record);
  }
}

/** The day of the request is a part of the key. */
async function* listKeys(
  s3: S3Client,
  bucket: string,
  { sinceMs, untilMs = Infinity }: Period,
): AsyncGenerator<string> {
  const StartAfter = sinceMs === undefined ? undefined : `${erasureRecordPrefix}${dayOf(sinceMs)}`;
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: erasureRecordPrefix, StartAfter, ContinuationToken }),
    );
    for (const { Key = '' } of page.Contents ?? []) {
      const day = Key.slice(erasureRecordPrefix.length).split('/')[0] ?? '';
      if (Date.parse(day) >= untilMs) return;
      yield Key;
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** `gone`: it has expired since the list. */
async function readRecord(s3: S3Client, bucket: string, key: string): Promise<StoredRecord | 'gone' | 'unreadable'> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const record: unknown = JSON.parse((await Body?.transformToString()) ?? '');
    return isRecord(record) ? record : 'unreadable';
  } catch (error) {
    if (error instanceof NoSuchKey) return 'gone';
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

/** The object may be the marker of a folder, or of a later version of the function. */
function isRecord(record: unknown): record is StoredRecord {
  if (!isJsonObject(record)) return false;
  const { requestedAt, erasedAt, requestedBy, requestId, bucket, keyHash, outcome } = record;
  const counts = [record['deleted'], record['notFound'], record['refused']];
  const isOfClient = counts.every((count) => typeof count === 'number');
  const texts = [requestedAt, erasedAt, requestedBy, requestId, ...(isOfClient ? [] : [bucket, keyHash, outcome])];
  return texts.every((text) => typeof text === 'string') && !Number.isNaN(Date.parse(String(requestedAt)));
}

function rowOf(record: StoredRecord): ErasureRow {
  return {
    erased_at: record.erasedAt,
    requested_at: record.requestedAt,
    requested_by: record.requestedBy,
    ...('deleted' in record ? columnsOfClient(record) : columnsOfVersion(record)),
    said: record.said ?? '',
    request_id: record.requestId,
  };
}

/** The columns that differ between the erasure of a version and that of a client. */
type OwnColumns = Omit<ErasureRow, 'erased_at' | 'requested_at' | 'requested_by' | 'said' | 'request_id'>;

function columnsOfVersion({ bucket, keyHash, versionId = '', outcome, status }: ErasureRecord): OwnColumns {
  return {
    ...{ bucket, key_hash: keyHash, version: versionId, outcome, status: status?.toString() ?? '' },
    ...{ deleted: '', not_found: '', refused: '' },
  };
}

function columnsOfClient({ deleted, notFound, refused }: ClientErasureRecord): OwnColumns {
  return {
    ...{ bucket: '', key_hash: '', version: '', status: '' },
    outcome: refused > 0 ? 'refused' : deleted > 0 ? 'deleted' : 'not-found',
    ...{ deleted: String(deleted), not_found: String(notFound), refused: String(refused) },
  };
}
