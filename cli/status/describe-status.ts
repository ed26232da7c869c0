import type { ClaimRecord } from '../../contract/claim-record';
import type { InquiryAnswer } from '../../contract/inquiry';
import type { TaggedOutcome } from '../../contract/outcome-tags';
import type { Fact } from '../stack/fact';
import { renderTable } from '../terminal/table';
import { count, printable } from '../terminal/text';
import type { PhotoStatus } from './photo-status';

/** Describes a version in sentences, for readers who know neither S3 nor the pipeline. */
export function describeStatus(status: PhotoStatus, format: StatusFormat): string[] {
  const { nowMs } = format;
  const { photo, atComplyCube, othersTags } = status;
  const { versionId } = photo.location;
  const version = versionId === undefined ? 'The object (older than versioning)' : `Version ${versionId}`;
  const rank = photo.isCurrent ? 'the current one' : 'not the current one';
  const rows = [
    ['Outcome', describeOutcome(status, format)],
    ...(atComplyCube === undefined ? [] : [['ComplyCube', describeLivePhoto(atComplyCube)]]),
    ['Client ID', describeClientId(status, format)],
    ['Liveness', describeLiveness(status)],
    ['Claim', describeClaim(status, nowMs)],
    ...describeErasure(status),
    ...(othersTags === 0 ? [] : [['Tags', `${count(othersTags, 'tag')} that others set.`]]),
  ];
  return [
    `${version}, ${rank}: created ${formatTime(photo.putAtMs)}, ${count(photo.bytes, 'byte')}`,
    ...renderTable(rows.map(([label = '', text = '']) => [`  ${label}`, text])),
  ];
}

/** How a status is described. */
export interface StatusFormat {
  readonly nowMs: number;
  readonly isClientIdShown: boolean;
  /** The name of the metadata that holds the client ID. */
  readonly clientIdMetadata: string;
  /** The prefixes of the keys that the stack processes; undefined: every key, or unknown. */
  readonly keyPrefixes: readonly string[] | undefined;
}

function describeOutcome(
  { outcome: known, claim, photo, metadata }: PhotoStatus,
  { nowMs, keyPrefixes }: StatusFormat,
): string {
  switch (known.kind) {
    case 'tagged':
      return describeTagged(known.outcome);
    case 'untagged':
      return `Uploaded as live photo ${known.livePhotoId}. The tags could not be written.`;
    case 'gone':
      return 'The object was deleted in the meantime.';
    case 'none':
      if (keyPrefixes?.some((prefix) => photo.location.key.startsWith(prefix)) === false)
        return `None: the stack processes only keys that begin with ${keyPrefixes.join(' or ')}.`;
      if (metadata.isKnown && metadata.value.isMarkedToSkip)
        return 'None: its metadata says live-photo: skip, so the function does nothing with it.';
      if (photo.unprocessable === 'folder') return 'None: it is a folder marker, so the function does nothing with it.';
      if (photo.unprocessable === 'archived')
        return 'None: it is archived, so the function can’t read it. Restore it, then backfill it.';
      return `None yet. ${describeWait(claim, nowMs)}`;
  }
}

function describeTagged(outcome: TaggedOutcome): string {
  switch (outcome.status) {
    case 'uploaded':
      return `Uploaded as live photo ${outcome.livePhotoId}.`;
    case 'rejected': {
      const said = outcome.detail === undefined ? '' : ` ${printable(outcome.detail)}`;
      return `Rejected for ${outcome.reason}: it was not uploaded, and is not retried automatically.${said}`;
    }
    case 'erased':
      return 'Erased: ComplyCube has no live photo of it, and it is not uploaded again.';
  }
}

/** The evidence is sorted by day, so that of one version is found only in its claim. */
function describeErasure({ claim }: PhotoStatus): string[][] {
  const erasure = claim.isKnown ? claim.value?.erasure : undefined;
  if (erasure === undefined) return [];
  const { requestId, requestedAt, requestedBy, result, isDone } = erasure;
  const requested = `Requested ${formatTime(Date.parse(requestedAt))} by ${printable(requestedBy)}, request ${requestId}.`;
  const said = result?.said === undefined ? '' : ` ${printable(result.said)}`;
  const status = result?.status === undefined ? '' : `, ComplyCube answered ${result.status}`;
  const end =
    result === undefined || isDone !== true
      ? 'It is not done yet.'
      : `Result: ${result.outcome}${status}, ${formatTime(Date.parse(result.erasedAt))}.`;
  return [['Erasure', `${requested} ${end}${said}`]];
}

function describeWait(claim: Fact<ClaimRecord | undefined>, nowMs: number): string {
  if (!claim.isKnown) return 'Whether it is being processed is unknown.';
  if (claim.value === undefined) {
    return 'Its message is in a queue, or its event was lost. In that case, backfill sends it again.';
  }
  return isLeased(claim.value, nowMs)
    ? 'The function is processing it.'
    : 'An attempt ended without an outcome. The next delivery of its message retries it.';
}

function describeLivePhoto(fact: Fact<InquiryAnswer>): string {
  if (!fact.isKnown) return `Not checked: ${fact.because}`;
  const { value } = fact;
  switch (value.answer) {
    case 'accepted': {
      const { size, createdAtMs } = value.livePhoto ?? { size: undefined, createdAtMs: undefined };
      const facts = [
        ...(createdAtMs === undefined ? [] : [`created ${formatTime(createdAtMs)}`]),
        ...(size === undefined ? [] : [count(size, 'byte')]),
      ];
      return `It has the live photo${facts.length === 0 ? '' : `: ${facts.join(', ')}`}.`;
    }
    case 'refused':
      return value.status === 404
        ? 'It does not have this live photo: it was deleted there, or belongs to another account.'
        : `It refused the request: ${value.status}${value.said === undefined ? '' : ` ${value.said}`}`;
    case 'failed':
      return `It could not be reached: ${value.because}`;
  }
}

function describeClientId({ metadata }: PhotoStatus, { isClientIdShown, clientIdMetadata }: StatusFormat): string {
  if (!metadata.isKnown) return `Not checked: ${metadata.because}`;
  const { clientId = '', clientIdForm } = metadata.value;
  if (clientIdForm === 'missing') return `Missing: the object has no ${clientIdMetadata} metadata.`;
  const shown = isClientIdShown ? `: ${printable(clientId)}` : ' (--show-client-id prints it)';
  return `${clientIdForm === 'well-formed' ? 'Set and well-formed' : 'Set, but malformed'}${shown}`;
}

function describeLiveness({ metadata }: PhotoStatus): string {
  if (!metadata.isKnown) return `Not checked: ${metadata.because}`;
  const { performLivenessCheck: flag } = metadata.value;
  return flag === undefined
    ? "Not set by the app: the stack's setting applies, otherwise ComplyCube's default."
    : `Set by the app: ${printable(flag)}.`;
}

function describeClaim({ claim, outcome }: PhotoStatus, nowMs: number): string {
  if (!claim.isKnown) return `Not checked: ${claim.because}`;
  if (claim.value?.erasure !== undefined) return 'It is a tombstone: the version is never uploaded again.';
  if (claim.value === undefined) {
    return outcome.kind === 'tagged' && outcome.outcome.status === 'rejected'
      ? 'None: a rejection releases it.'
      : 'None: it is not being processed, and no attempt of the last 30 days can have uploaded it.';
  }
  const { claimedAt, attempt, leaseUntil } = claim.value;
  const started = `First attempt ${formatTime(Date.parse(claimedAt))}, ${count(attempt, 'attempt')} in total`;
  // The lease may still run although the work is done.
  if (outcome.kind !== 'none') return `${started}.`;
  return isLeased(claim.value, nowMs)
    ? `${started}. The lease of the current attempt expires ${formatTime(Date.parse(leaseUntil))}.`
    : `${started}. The last lease has expired.`;
}

function isLeased({ leaseUntil }: ClaimRecord, nowMs: number): boolean {
  return Date.parse(leaseUntil) > nowMs;
}

function formatTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}
