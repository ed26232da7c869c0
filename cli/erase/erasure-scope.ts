import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { isS3Absence } from '../../contract/s3-absence';
import { UsageError } from '../command-error';
import { keyPrefixesOf, readNotification } from '../photos/notification';
import { type ListedPhoto, listPhotos, type PhotoScope } from '../photos/photo-list';
import { choosePhotos } from '../photos/photo-scope';
import type { FunctionSettings } from '../stack/function-settings';
import type { StackAccess } from '../stack/stack-access';
import type { EraseArguments } from './erase-arguments';

/** The versions that a command is about. */
export interface ErasureScope {
  /** Lists them in pages, in the order of keys. Versions of other clients are included. */
  readonly list: () => AsyncGenerator<readonly ListedPhoto[]>;
  /** Whether a version is of the chosen client. */
  readonly isChosen: (photo: ListedPhoto) => Promise<boolean>;
}

/**
 * Chooses the versions to erase, within the stack's key prefixes. Versions that are created after the start are never included.
 * @throws UsageError if a key or `--prefix` is outside of the stack's prefixes.
 */
export async function chooseVersions(
  { keys, prefix, startAfter, clientId, createdBeforeMs }: EraseArguments,
  access: StackAccess,
  { settings, clientIdMetadata }: { readonly settings: FunctionSettings; readonly clientIdMetadata: string },
): Promise<ErasureScope> {
  const period = { sinceMs: undefined, untilMs: createdBeforeMs };
  const chosen = await choosePhotos({ prefix, period }, access, settings);
  const scope: PhotoScope = { ...chosen, startAfter, hasEveryVersion: true };
  if (keys.length > 0) await checkKeys(keys, access, settings);
  return {
    list: keys.length > 0 ? () => listKeys(keys, access, scope) : () => listPages(access, scope),
    isChosen: async (photo) =>
      clientId === undefined || (await readClientId(photo, access, clientIdMetadata)) === clientId,
  };
}

async function checkKeys(keys: readonly string[], access: StackAccess, settings: FunctionSettings): Promise<void> {
  const prefixes = keyPrefixesOf(await readNotification(access), settings.eventSources[0]?.arn);
  const outside = keys.find((key) => !prefixes.some((prefix) => key.startsWith(prefix)));
  if (outside === undefined) return;
  throw new UsageError(`KEY is ${outside}: the stack processes only keys that begin with ${prefixes.join(' or ')}`);
}

async function* listPages({ s3 }: StackAccess, scope: PhotoScope): AsyncGenerator<readonly ListedPhoto[]> {
  for await (const page of listPhotos(s3, scope)) yield page.filter(isPhoto).map(withVersion);
}

async function* listKeys(
  keys: readonly string[],
  access: StackAccess,
  scope: PhotoScope,
): AsyncGenerator<readonly ListedPhoto[]> {
  for (const key of keys) {
    for await (const page of listPages(access, { ...scope, prefixes: [key] })) {
      yield page.filter(({ location }) => location.key === key);
      // A key is listed before all longer keys that begin with it.
      if (page.some(({ location }) => location.key !== key)) break;
    }
  }
}

function isPhoto({ unprocessable }: ListedPhoto): boolean {
  return unprocessable !== 'folder';
}

/** Without a version ID, S3 would answer for the current version of the key. */
function withVersion(photo: ListedPhoto): ListedPhoto {
  const { location, isCurrent } = photo;
  if (location.versionId !== undefined || isCurrent) return photo;
  return { ...photo, location: { ...location, versionId: 'null' } };
}

async function readClientId(
  { location: { bucket, key, versionId } }: ListedPhoto,
  { s3 }: StackAccess,
  clientIdMetadata: string,
): Promise<string | undefined> {
  try {
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return Metadata?.[clientIdMetadata];
  } catch (error) {
    // S3's answer to a HEAD request has no body, so it does not say what is missing.
    if (isS3Absence(error) || (error instanceof Error && error.name === 'NotFound')) return undefined;
    throw error;
  }
}
