import { UsageError } from '../command-error';
import type { PhotoArguments } from '../options';
import type { FunctionSettings } from '../stack/function-settings';
import type { StackAccess } from '../stack/stack-access';
import { keyPrefixOf, readNotification } from './notification';
import type { PhotoScope } from './photo-list';

/**
 * Chooses the photo objects of a command, within the stack's key prefix. The function may read no others.
 * @throws UsageError if `--prefix` is outside of the stack's prefix.
 */
export async function choosePhotos(
  { prefix, period }: Pick<PhotoArguments, 'prefix' | 'period'>,
  access: StackAccess,
  settings: Pick<FunctionSettings, 'eventSources'>,
): Promise<Pick<PhotoScope, 'bucket' | 'prefix' | 'period'>> {
  const keyPrefix = keyPrefixOf(await readNotification(access), settings.eventSources[0]?.arn);
  if (prefix !== undefined && !prefix.startsWith(keyPrefix)) {
    throw new UsageError(`--prefix is ${prefix}: the stack processes only keys that begin with ${keyPrefix}`);
  }
  return { bucket: access.stack.photoBucket, prefix: prefix ?? keyPrefix, period };
}
