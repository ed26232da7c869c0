import type { Command } from '../command';
import { UsageError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { type CommonArguments, parseCommon } from '../options';
import { PhotoOutcomes } from '../photos/photo-outcome';
import type { Fact } from '../stack/fact';
import {
  claimsBucketOf,
  clientIdMetadataOf,
  processedPrefixesOf,
  readFunctionSettings,
} from '../stack/function-settings';
import { accessStack } from '../stack/stack-access';
import { say, type Terminal } from '../terminal/terminal';
import { printable } from '../terminal/text';
import { describeStatus } from './describe-status';
import { listVersions, type PhotoStatus, readStatus } from './photo-status';

interface Arguments extends CommonArguments {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly isClientIdShown: boolean;
}

/** Shows everything that is known about one photo object. */
export const status: Command<Arguments> = {
  summary: 'Shows everything that is known about one photo object.',
  operands: ['KEY'],
  options: ['version-id', 'show-client-id'],
  examples: ['status KEY'],
  details: [
    "It shows the object's versions, their outcomes, claims and live photos. It can't show messages in the queue, because " +
      'SQS has no call to find a message.',
  ],
  parse: (values, [key = '']) => {
    if (key === '') throw new UsageError("KEY is empty: use an object's key");
    return {
      ...{ ...parseCommon(values), key, versionId: values['version-id'] },
      isClientIdShown: values['show-client-id'] === true,
    };
  },
  run,
};

/** Each version requires several calls. Of an object with many versions, only the newest are shown. */
const maxVersions = 10;

async function run(
  { stack, key, versionId, isJson, isClientIdShown }: Arguments,
  terminal: Terminal,
): Promise<ExitStatus> {
  const access = await accessStack(stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const clientIdMetadata = clientIdMetadataOf(settings);
  const versions = await listVersions(access, key);
  const matching =
    versionId === undefined ? versions : versions.filter((photo) => photo.location.versionId === versionId);
  if (matching.length === 0) {
    const what = versionId === undefined ? 'object' : `version ${versionId} of the object`;
    terminal.notice(
      `There is no ${what} ${printable(key)} in ${access.stack.photoBucket}: check the key, it is case-sensitive. ` +
        'If it was erased, `live-photos report --erasures` shows the evidence.',
    );
    return exitStatus.wrong;
  }
  const statuses: PhotoStatus[] = [];
  for (const photo of matching.slice(0, maxVersions))
    statuses.push(await readStatus(photo, { outcomes, access, clientIdMetadata }));

  if (isJson) {
    await terminal.print(JSON.stringify(statuses.map((known) => toJson(known, isClientIdShown))));
    return exitStatus.done;
  }
  const lines = [`${printable(key)} in ${access.stack.photoBucket}`];
  if (!versions.some(({ isCurrent }) => isCurrent)) lines.push('It is deleted: a delete marker hides its versions.');
  const format = {
    nowMs: Date.now(),
    isClientIdShown,
    clientIdMetadata,
    keyPrefixes: processedPrefixesOf(settings),
  };
  lines.push(...statuses.flatMap((known) => describeStatus(known, format)));
  if (matching.length > maxVersions) {
    lines.push(`${matching.length - maxVersions} older versions are not shown: --version-id shows one of them.`);
  }
  if (statuses.some(({ outcome }) => outcome.kind === 'none')) {
    lines.push("Single messages can't be looked up in SQS. `live-photos doctor` counts them.");
  }
  await say(terminal, lines.join('\n'));
  return exitStatus.done;
}

function toJson(known: PhotoStatus, isClientIdShown: boolean): object {
  const { photo, metadata, claim, outcome, atComplyCube, othersTags } = known;
  const { key, versionId, eTag } = photo.location;
  return {
    ...{ key, versionId, eTag, bytes: photo.bytes, isCurrent: photo.isCurrent },
    putAt: new Date(photo.putAtMs).toISOString(),
    outcome: outcome.kind === 'tagged' ? outcome.outcome : { status: outcome.kind, ...outcome, kind: undefined },
    metadata: valueOf(metadata, ({ clientId, ...form }) => ({ ...form, ...(isClientIdShown && { clientId }) })),
    claim: valueOf(claim, (record) => record ?? null),
    atComplyCube: atComplyCube === undefined ? null : valueOf(atComplyCube, (answer) => answer),
    othersTags,
  };
}

function valueOf<Value>(fact: Fact<Value>, show: (value: Value) => object | null): object | null {
  return fact.isKnown ? show(fact.value) : { notLookedAt: fact.because };
}
