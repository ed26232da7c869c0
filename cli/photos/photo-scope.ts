import { UsageError } from '../command-error';
import type { PhotoArguments } from '../options';
import type { FunctionSettings } from '../stack/function-settings';
import type { StackAccess } from '../stack/stack-access';
import { keyPrefixesOf, readNotification } from './notification';
import type { PhotoScope } from './photo-list';

/**
 * Chooses the photo objects of a command, within the stack's key prefixes. The function may read no others.
 * @throws UsageError if `--prefix` is outside of the stack's prefixes.
 */
export async function choosePhotos(
  { prefix, period }: Pick<PhotoArguments, 'prefix' | 'period'>,
  access: StackAccess,
  settings: Pick<FunctionSettings, 'eventSources'>,
): Promise<Pick<PhotoScope, 'bucket' | 'prefixes' | 'period'>> {
  const keyPrefixes = keyPrefixesOf(await readNotification(access), settings.eventSources[0]?.arn);
  if (prefix !== undefined && !keyPrefixes.some((ofStack) => prefix.startsWith(ofStack))) {
    throw new UsageError(
      `--prefix is ${prefix}: the stack processes only keys that begin with ${keyPrefixes.join(' or ')}`,
    );
  }
  return { bucket: access.stack.photoBucket, prefixes: prefix === undefined ? keyPrefixes : [prefix], period };
}
