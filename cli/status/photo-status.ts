import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ClaimRecord } from '../../contract/claim-record';
import type { InquiryAnswer } from '../../contract/inquiry';
import { isClientId, isMarkedToSkip, metadataNames } from '../../contract/photo-rules';
import { tagNames } from '../../contract/outcome-tags';
import { inquire } from '../stack/inquire';
import { type Fact, lookUp } from '../stack/fact';
import { type ListedPhoto, listPhotos } from '../photos/photo-list';
import { type KnownOutcome, outcomeIn, type PhotoOutcomes } from '../photos/photo-outcome';
import type { StackAccess } from '../stack/stack-access';

/** Everything known about one version of a photo object. */
export interface PhotoStatus {
  readonly photo: ListedPhoto;
  /** Metadata that the app set. */
  readonly metadata: Fact<AppMetadata>;
  /** Number of tags that others set. */
  readonly othersTags: number;
  readonly outcome: KnownOutcome;
  readonly claim: Fact<ClaimRecord | undefined>;
  /** ComplyCube's answer about the live photo; undefined if there is no live photo. */
  readonly atComplyCube: Fact<InquiryAnswer> | undefined;
}

/** Metadata that the app set on a photo object. */
export interface AppMetadata {
  readonly clientId: string | undefined;
  readonly clientIdForm: 'missing' | 'malformed' | 'well-formed';
  readonly performLivenessCheck: string | undefined;
  /** Whether the app marks the object as no live photo. */
  readonly isMarkedToSkip: boolean;
}

/** Lists the versions of one object, the newest first. */
export async function listVersions({ s3, stack }: StackAccess, key: string): Promise<ListedPhoto[]> {
  const versions: ListedPhoto[] = [];
  const everyTime = { sinceMs: undefined, untilMs: undefined };
  const scope = { bucket: stack.photoBucket, prefixes: [key], period: everyTime, hasEveryVersion: true };
  for await (const page of listPhotos(s3, scope)) {
    versions.push(...page.filter(({ location }) => location.key === key));
    // A key is listed before all longer keys that begin with it.
    if (page.some(({ location }) => location.key !== key)) break;
  }
  return versions;
}

/** Dependencies of {@link readStatus}. */
export interface StatusDeps {
  readonly outcomes: PhotoOutcomes;
  readonly access: StackAccess;
  /** The name of the metadata that holds the client ID. */
  readonly clientIdMetadata: string;
}

/** Looks up everything about one version. */
export async function readStatus(
  photo: ListedPhoto,
  { outcomes, access, clientIdMetadata }: StatusDeps,
): Promise<PhotoStatus> {
  const { location } = photo;
  const [metadata, tags, claim] = await Promise.all([
    lookUp(() => readMetadata(photo, access, clientIdMetadata)),
    outcomes.readTags(location),
    lookUp(() => outcomes.readClaim(location)),
  ]);
  const outcome = outcomeIn(tags, claim.isKnown ? claim.value : undefined);
  const livePhotoId = livePhotoIdOf(outcome);
  return {
    ...{ photo, metadata, outcome, claim },
    othersTags: tags === 'gone' ? 0 : [...tags.keys()].filter((name) => !ownTags.has(name)).length,
    atComplyCube:
      livePhotoId === undefined
        ? undefined
        : await lookUp(() => inquire(access.lambda, access.stack.functionName, { inquiry: 'live-photo', livePhotoId })),
  };
}

const ownTags: ReadonlySet<string> = new Set(Object.values(tagNames));

async function readMetadata(
  { location }: ListedPhoto,
  { s3 }: StackAccess,
  clientIdMetadata: string,
): Promise<AppMetadata> {
  const { bucket, key, versionId } = location;
  const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  const clientId = Metadata[clientIdMetadata];
  return {
    clientId,
    clientIdForm:
      clientId === undefined || clientId === '' ? 'missing' : isClientId(clientId) ? 'well-formed' : 'malformed',
    performLivenessCheck: Metadata[metadataNames.performLivenessCheck],
    isMarkedToSkip: isMarkedToSkip(Metadata),
  };
}

function livePhotoIdOf(known: KnownOutcome): string | undefined {
  if (known.kind === 'untagged') return known.livePhotoId;
  const id = known.kind === 'tagged' && known.outcome.status === 'uploaded' ? known.outcome.livePhotoId : '';
  return id === '' ? undefined : id;
}
