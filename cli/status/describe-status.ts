import type { ClaimRecord } from '../../contract/claim-record';
import type { InquiryAnswer } from '../../contract/inquiry';
import type { Fact } from '../stack/fact';
import type { KnownOutcome } from '../photos/photo-outcome';
import type { PhotoStatus } from './photo-status';
import { count, printable } from '../terminal/text';

/** Says what is known of a version, in sentences for a person who knows neither S3 nor the pipeline. */
export function describeStatus(status: PhotoStatus, nowMs: number, isClientIdShown: boolean): string[] {
  const { photo, outcome, claim, atComplyCube, othersTags } = status;
  const { versionId } = photo.location;
  const version = versionId === undefined ? 'The object (its bucket had no versions)' : `Version ${versionId}`;
  const rank = photo.isCurrent ? 'the current one' : 'not the current one';
  return [
    `${version}, ${rank}: put ${moment(photo.putAtMs)}, ${count(photo.bytes, 'byte')}`,
    `  Outcome      ${describeOutcome(outcome, claim, nowMs)}`,
    ...(atComplyCube === undefined ? [] : [`  ComplyCube   ${describeLivePhoto(atComplyCube)}`]),
    `  Client ID    ${describeClientId(status, isClientIdShown)}`,
    `  Liveness     ${describeLiveness(status)}`,
    `  Claim        ${describeClaim(status, nowMs)}`,
    ...(othersTags === 0 ? [] : [`  Tags         ${count(othersTags, 'tag')} of others beside those of the pipeline`]),
  ];
}

function describeOutcome(known: KnownOutcome, claim: Fact<ClaimRecord | undefined>, nowMs: number): string {
  switch (known.kind) {
    case 'told':
      return known.outcome.status === 'uploaded'
        ? `Uploaded: it is the live photo ${known.outcome.livePhotoId}.`
        : `Rejected for ${known.outcome.reason}: it was not uploaded, and is not tried again by itself.`;
    case 'untagged':
      return `Uploaded as the live photo ${known.livePhotoId}, which could not be written onto the object.`;
    case 'gone':
      return 'The object was deleted meanwhile.';
    case 'none':
      return `None yet. ${describeWait(claim, nowMs)}`;
  }
}

function describeWait(claim: Fact<ClaimRecord | undefined>, nowMs: number): string {
  if (!claim.isKnown) return 'Whether anybody works on it is not known.';
  if (claim.value === undefined) {
    return 'It waits in a queue, was given back to it, or was never announced: backfill sends it anew.';
  }
  return isLeased(claim.value, nowMs)
    ? 'The function works on it now.'
    : 'An attempt ended without an outcome: it is tried again when its message comes back.';
}

function describeLivePhoto(fact: Fact<InquiryAnswer>): string {
  if (!fact.isKnown) return `Not asked: ${fact.because}`;
  const { value } = fact;
  switch (value.answer) {
    case 'accepted': {
      const { size, createdAtMs } = value.livePhoto ?? { size: undefined, createdAtMs: undefined };
      const facts = [
        ...(createdAtMs === undefined ? [] : [`made ${moment(createdAtMs)}`]),
        ...(size === undefined ? [] : [count(size, 'byte')]),
      ];
      return `It holds the live photo${facts.length === 0 ? '' : `: ${facts.join(', ')}`}.`;
    }
    case 'refused':
      return value.status === 404
        ? 'It does not know this live photo: it was deleted there, or belongs to another account.'
        : `It refused to tell: ${value.status}${value.said === undefined ? '' : ` ${value.said}`}`;
    case 'failed':
      return `It could not be asked: ${value.because}`;
  }
}

function describeClientId({ metadata }: PhotoStatus, isShown: boolean): string {
  if (!metadata.isKnown) return `Not looked at: ${metadata.because}`;
  const { clientId = '', clientIdForm } = metadata.value;
  if (clientIdForm === 'missing') return 'The app set none.';
  const shown = isShown ? `: ${printable(clientId)}` : ' (--show-client-id prints it)';
  return `${clientIdForm === 'well-formed' ? 'Set and well-formed' : 'Set, but malformed'}${shown}`;
}

function describeLiveness({ metadata }: PhotoStatus): string {
  if (!metadata.isKnown) return `Not looked at: ${metadata.because}`;
  const { performLivenessCheck: flag } = metadata.value;
  return flag === undefined
    ? "The app leaves the check to the stack's setting, else to ComplyCube."
    : `The app asks for ${printable(flag)}.`;
}

function describeClaim({ claim, outcome }: PhotoStatus, nowMs: number): string {
  if (!claim.isKnown) return `Not looked at: ${claim.because}`;
  if (claim.value === undefined) {
    return outcome.kind === 'told' && outcome.outcome.status === 'rejected'
      ? 'None: it is given back with a rejection.'
      : 'None: nobody works on it, and no attempt of the last 30 days may have uploaded it.';
  }
  const { claimedAt, attempt, leaseUntil } = claim.value;
  const worked = `First worked on ${moment(Date.parse(claimedAt))}, ${count(attempt, 'attempt')}`;
  // A lease does not end with the work.
  if (outcome.kind !== 'none') return `${worked}.`;
  return isLeased(claim.value, nowMs)
    ? `${worked}; whoever works on it has until ${moment(Date.parse(leaseUntil))}.`
    : `${worked}; nobody works on it now.`;
}

function isLeased({ leaseUntil }: ClaimRecord, nowMs: number): boolean {
  return Date.parse(leaseUntil) > nowMs;
}

function moment(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}
