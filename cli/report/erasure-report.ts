import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import {
  type ClientErasureRecord,
  type ErasureOutcome,
  type ErasureRecord,
  erasureRecordPrefix,
} from '../../contract/erasure-record';
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

/** Reads the evidence of the erasures that were requested in a period, in the order of days. */
export async function* readErasures(s3: S3Client, claimsBucket: string, period: Period): AsyncGenerator<ErasureRow> {
  const records = inOrder(listKeys(s3, claimsBucket, period), concurrentReads, (key) =>
    readRecord(s3, claimsBucket, key),
  );
  for await (const record of records) {
    if (isWithin(Date.parse(record.requestedAt), period)) yield rowOf(record);
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

async function readRecord(s3: S3Client, bucket: string, key: string): Promise<StoredRecord> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as StoredRecord;
}

function rowOf(record: StoredRecord): ErasureRow {
  const isOfClient = 'deleted' in record;
  const { bucket, keyHash, versionId = '', outcome, status } = isOfClient ? ofClient(record) : record;
  const counts = isOfClient ? record : undefined;
  return {
    erased_at: record.erasedAt,
    requested_at: record.requestedAt,
    requested_by: record.requestedBy,
    bucket,
    key_hash: keyHash,
    version: versionId,
    outcome,
    status: status?.toString() ?? '',
    said: record.said ?? '',
    request_id: record.requestId,
    deleted: counts?.deleted.toString() ?? '',
    not_found: counts?.notFound.toString() ?? '',
    refused: counts?.refused.toString() ?? '',
  };
}

function ofClient({
  deleted,
  refused,
}: ClientErasureRecord): Pick<ErasureRecord, 'bucket' | 'keyHash' | 'versionId' | 'outcome' | 'status'> {
  const outcome = refused > 0 ? 'refused' : deleted > 0 ? 'deleted' : 'not-found';
  return { bucket: '', keyHash: '', outcome };
}
