import { count, printable } from '../terminal/text';
import type { ErasableVersion, ErasureCounts } from './erasure-walk';
import type { ObjectVersion } from '../../contract/object-version';

/** A version as the command lists it. The fields are those of `--json`. */
export interface ListedVersion extends ObjectVersion {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly bytes: number;
  readonly isCurrent: boolean;
  /** `none`: the version has no outcome yet. */
  readonly outcome: 'uploaded' | 'rejected' | 'erased' | 'uploaded-untagged' | 'none';
}

/** What the command lists about a version. */
export function versionOf({ photo, outcome }: ErasableVersion): ListedVersion {
  const { bucket, key, versionId, eTag } = photo.location;
  return {
    ...{ bucket, key, versionId, eTag },
    createdAt: new Date(photo.putAtMs).toISOString(),
    bytes: photo.bytes,
    isCurrent: photo.isCurrent,
    outcome: outcomeOf(outcome),
  };
}

function outcomeOf(outcome: ErasableVersion['outcome']): ListedVersion['outcome'] {
  if (outcome.kind === 'tagged') return outcome.outcome.status;
  return outcome.kind === 'untagged' ? 'uploaded-untagged' : 'none';
}

/** Describes a version in a line. */
export function describeVersion(version: ListedVersion): string {
  const { key, versionId = 'without version', createdAt, outcome } = version;
  return `${createdAt.slice(0, 16)}Z  ${outcome.padEnd(8)}  ${printable(key)}  ${versionId}`;
}

/** Describes what a run erases. @param livePhotos number of those that no version names. Undefined: the run does not delete them. */
export function toErase({
  selected,
  livePhotos,
}: Pick<ErasureCounts, 'selected'> & { readonly livePhotos: number | undefined }): string {
  const others =
    livePhotos === undefined ? '' : `, and ${count(livePhotos, 'live photo')} that no listed version names`;
  return `${count(selected, 'version')}${others}`;
}

/** Renders the result in sentences. @param livePhotos as for {@link toErase}. */
export function summarize(
  { selected, alreadyErased }: ErasureCounts,
  { isDryRun, livePhotos }: { readonly isDryRun: boolean; readonly livePhotos: number | undefined },
): string[] {
  if (selected + alreadyErased + (isDryRun ? (livePhotos ?? 0) : 0) === 0) return ['No version found.'];
  const erased = alreadyErased === 0 ? '' : ` ${count(alreadyErased, 'version')} erased before.`;
  if (isDryRun) return [`To erase: ${toErase({ selected, livePhotos })}.${erased} Nothing was sent.`];
  return selected === 0
    ? [`Sent to be erased: 0 versions.${erased}`]
    : [
        `Sent to be erased: ${count(selected, 'version')}.${erased} ` +
          'Erasures of uploads with an unknown result take at least ten minutes. `live-photos report --erasures` shows the results.',
      ];
}
