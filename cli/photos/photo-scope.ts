import { UsageError } from '../command-error';
import type { PhotoArguments } from '../command-line';
import type { FunctionSettings } from '../stack/function-settings';
import { keyPrefixOf, readNotification } from './notification';
import type { PhotoScope } from './photo-list';
import type { StackAccess } from '../stack/stack-access';

/**
 * Says which photo objects a command is about: none beside those that the stack is about, as the function may read no others.
 * @throws UsageError when the prefix lies outside of the stack's own.
 */
export async function choosePhotos(
  { prefix, period }: Pick<PhotoArguments, 'prefix' | 'period'>,
  access: StackAccess,
  settings: Pick<FunctionSettings, 'eventSources'>,
): Promise<Pick<PhotoScope, 'bucket' | 'prefix' | 'period'>> {
  const keyPrefix = keyPrefixOf(await readNotification(access), settings.eventSources[0]?.arn);
  if (prefix !== undefined && !prefix.startsWith(keyPrefix)) {
    throw new UsageError(`--prefix is ${prefix}: the stack is about keys that begin with ${keyPrefix} alone`);
  }
  return { bucket: access.stack.photoBucket, prefix: prefix ?? keyPrefix, period };
}
