import type { Command } from '../command-line';
import { type ExitStatus, exitStatus } from '../exit-status';
import type { Fact } from '../stack/fact';
import { claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { PhotoOutcomes } from '../photos/photo-outcome';
import { listVersions, type PhotoStatus, readStatus } from './photo-status';
import type { Shell } from '../terminal/terminal';
import { accessStack } from '../stack/stack-access';
import { describeStatus } from './describe-status';
import { printable } from '../terminal/text';

type Asked = Extract<Command, { readonly name: 'status' }>;

/** Each version takes calls of its own: of an object with many, the newest are looked at. */
const maxVersions = 10;

/** Says everything that is known about one photo object. */
export async function status(asked: Asked, shell: Shell): Promise<ExitStatus> {
  const { key, versionId, isJson, isClientIdShown } = asked;
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const all = await listVersions(access, key);
  const wanted = versionId === undefined ? all : all.filter(({ location }) => location.versionId === versionId);
  if (wanted.length === 0) {
    const what = versionId === undefined ? 'object' : `version ${versionId} of the object`;
    shell.say(
      `There is no ${what} ${printable(key)} in ${access.stack.photoBucket}: check the key, it is case-sensitive`,
    );
    return exitStatus.wrong;
  }
  const statuses: PhotoStatus[] = [];
  for (const photo of wanted.slice(0, maxVersions)) statuses.push(await readStatus(photo, outcomes, access));

  if (isJson) {
    await shell.print(JSON.stringify(statuses.map((known) => forMachines(known, isClientIdShown))));
    return exitStatus.done;
  }
  await shell.print(`${printable(key)} in ${access.stack.photoBucket}`);
  if (!all.some(({ isCurrent }) => isCurrent)) await shell.print('It is deleted: a delete marker hides its versions.');
  for (const known of statuses) {
    for (const line of describeStatus(known, Date.now(), isClientIdShown)) await shell.print(line);
  }
  if (wanted.length > maxVersions) {
    await shell.print(`${wanted.length - maxVersions} older versions are left out: --version-id shows one of them.`);
  }
  if (statuses.some(({ outcome }) => outcome.kind === 'none')) {
    await shell.print(
      'Messages on their way can not be looked up, SQS has no such call; `live-photos doctor` counts them.',
    );
  }
  return exitStatus.done;
}

function forMachines(known: PhotoStatus, isClientIdShown: boolean): object {
  const { photo, metadata, claim, outcome, atComplyCube, othersTags } = known;
  const { key, versionId, eTag } = photo.location;
  return {
    ...{ key, versionId, eTag, bytes: photo.bytes, isCurrent: photo.isCurrent },
    putAt: new Date(photo.putAtMs).toISOString(),
    outcome: outcome.kind === 'told' ? outcome.outcome : { status: outcome.kind, ...outcome, kind: undefined },
    metadata: valueOf(metadata, ({ clientId, ...form }) => ({ ...form, ...(isClientIdShown && { clientId }) })),
    claim: valueOf(claim, (record) => record ?? null),
    atComplyCube: atComplyCube === undefined ? null : valueOf(atComplyCube, (answer) => answer),
    othersTags,
  };
}

function valueOf<Value>(fact: Fact<Value>, show: (value: Value) => object | null): object | null {
  return fact.isKnown ? show(fact.value) : { notLookedAt: fact.because };
}
