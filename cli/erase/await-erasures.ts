import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { setTimeout } from 'node:timers/promises';
import type { RequestedErasure } from '../../contract/erasure-message';
import { type ErasureRecord, erasureRecordKey, tombstoneKey } from '../../contract/erasure-record';
import type { ObjectVersion } from '../../contract/object-version';
import { inOrder } from '../photos/in-order';

/** A version that is erased, or whose erasure was requested. */
export interface AwaitedVersion extends ObjectVersion {
  /** Undefined: it was erased before. */
  readonly request: RequestedErasure | undefined;
}

/** Dependencies of {@link awaitErasures}. */
export interface AwaitDeps {
  readonly s3: S3Client;
  readonly claimsBucket: string;
  readonly signal: AbortSignal;
  /** Called with each version that is erased. */
  readonly onErased: (version: AwaitedVersion) => Promise<void>;
  /** Called with the number of versions whose erasure has not ended yet, before each wait. */
  readonly onWait: (waiting: number) => void;
  /** Waits before the next look. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The current time, in milliseconds. */
  readonly now?: () => number;
}

/** The versions whose erasure has not succeeded. */
export interface LeftVersions {
  readonly waiting: readonly AwaitedVersion[];
  /** ComplyCube does not delete their live photos. */
  readonly refused: readonly AwaitedVersion[];
}

/** The waits between two looks, in milliseconds: five minutes in total. Most erasures end within seconds. */
const waitsMs = [250, 750, 1_500, 2_500, ...Array.from({ length: 59 }, () => 5_000)];

/** Looking takes time too, if many versions are left. */
const maxWaitedMs = waitsMs.reduce((sum, ms) => sum + ms, 0);

/** How many versions are looked at at the same time. */
const concurrentReads = 16;

/** Waits until erasures have ended, for up to five minutes. Only the function can write tombstones and evidence, so they prove it. */
export async function awaitErasures(versions: readonly AwaitedVersion[], deps: AwaitDeps): Promise<LeftVersions> {
  const { signal, onErased, onWait, sleep = sleepFor, now = Date.now } = deps;
  const startedAtMs = now();
  let waiting = versions;
  const refused: AwaitedVersion[] = [];
  for (const waitMs of [...waitsMs, undefined]) {
    const left: AwaitedVersion[] = [];
    const looked = inOrder(waiting, concurrentReads, async (version) => ({
      version,
      end: signal.aborted ? undefined : await endOf(version, deps),
    }));
    for await (const { version, end } of looked) {
      if (end === undefined) left.push(version);
      else if (end === 'refused') refused.push(version);
      else await onErased(version);
    }
    waiting = left;
    if (waiting.length === 0 || waitMs === undefined || signal.aborted || now() - startedAtMs >= maxWaitedMs) break;
    onWait(waiting.length);
    await sleep(waitMs, signal);
  }
  return { waiting, refused };
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

/** @returns undefined when the erasure has not ended. */
async function endOf(version: AwaitedVersion, deps: AwaitDeps): Promise<'erased' | 'refused' | undefined> {
  // Another request may have erased it. Then there is no evidence of this one.
  if ((await readObject(tombstoneKey(version), deps)) !== undefined) return 'erased';
  const { request } = version;
  const evidence = request && (await readObject(erasureRecordKey({ ...version, ...request }), deps));
  if (evidence === undefined) return undefined;
  return (JSON.parse(evidence) as ErasureRecord).outcome === 'refused' ? 'refused' : undefined;
}

async function readObject(
  key: string,
  { s3, claimsBucket }: Pick<AwaitDeps, 's3' | 'claimsBucket'>,
): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: claimsBucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
