import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Command } from '../command';
import { CommandError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import { sendOptions } from '../options';
import { continueCommand } from '../photos/continue-command';
import { PhotoOutcomes } from '../photos/photo-outcome';
import { QueueFeed } from '../photos/queue-feed';
import {
  areOperatorsNamed,
  chooseRate,
  claimsBucketOf,
  clientIdMetadataOf,
  type FunctionSettings,
  readFunctionSettings,
} from '../stack/function-settings';
import { accessStack, type StackAccess } from '../stack/stack-access';
import { isConfirmed } from '../terminal/confirm';
import { ProgressBar } from '../terminal/progress';
import { say, type Terminal } from '../terminal/terminal';
import { count, printable } from '../terminal/text';
import type { AwaitedVersion } from './await-erasures';
import { describeVersion, summarize, toErase, versionOf } from './describe-erasure';
import { type EraseArguments, parseEraseArguments } from './erase-arguments';
import { chooseVersions, type ErasureScope } from './erasure-scope';
import { type ErasableVersion, type ErasureCounts, ErasureWalk } from './erasure-walk';
import { finishErasures } from './finish-erasures';
import { listLivePhotosOf } from './remaining-at-complycube';

/** Asks the function to erase versions of photo objects: one message for each version. */
export const erase: Command<EraseArguments> = {
  summary: 'Erases photos: their live photos at ComplyCube, then the photos in S3.',
  operands: ['KEY…'],
  options: ['client-id', 'all-of-client', 'older-than', 'prefix', 'start-after', 'delete-now', ...sendOptions],
  examples: [
    'erase KEY --dry-run',
    'erase --client-id ID',
    'erase --client-id ID --all-of-client',
    'erase --prefix photos/ --older-than 365',
  ],
  details: [
    'It lists every version of the objects with its outcome, asks, then sends one message for each version through the upload ' +
      'queue. The function deletes the live photo, tags the version as erased, and stores evidence. An erasure can’t be undone.',
    'The stack must name its operators, and you must be one: see operatorRoleArns. With --client-id and --older-than it walks ' +
      'the bucket, and if it is interrupted, it prints the command that continues. Running it again is safe: erased versions ' +
      'are not sent again.',
    'With --client-id it also lists the live photos of the client at ComplyCube that no listed version names. --all-of-client ' +
      'deletes them too: it waits up to five minutes until all versions of the client are erased, then sends one message. If ' +
      'they are not erased by then, it says so: run the same command again.',
    'S3 deletes erased versions by a lifecycle rule, usually within days. --delete-now waits up to five minutes for each version ' +
      'to be erased, and deletes it then. It never deletes a version that is not erased.',
    '`live-photos report --erasures` shows the evidence.',
  ],
  parse: parseEraseArguments,
  run,
};

/** A later run waits for the others. */
const maxAwaitedVersions = 10_000;

async function run(options: EraseArguments, terminal: Terminal): Promise<ExitStatus> {
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  checkOperators(settings, options, terminal);
  const scope = await chooseVersions(options, access, { settings, clientIdMetadata: clientIdMetadataOf(settings) });
  return new Erasure({ options, terminal, access, settings, scope }).run();
}

function checkOperators(settings: FunctionSettings, { isDryRun }: EraseArguments, terminal: Terminal): void {
  if (areOperatorsNamed(settings)) return;
  const message =
    'The stack names no operators, so its function refuses erasures: deploy with -c operatorRoleArns=ROLE_ARN (docs/security.md, Operators)';
  if (!isDryRun) throw new CommandError(message);
  terminal.notice(message);
}

interface ErasureDeps {
  readonly options: EraseArguments;
  readonly terminal: Terminal;
  readonly access: StackAccess;
  readonly settings: FunctionSettings;
  readonly scope: ErasureScope;
}

class Erasure {
  private readonly awaited: AwaitedVersion[] = [];
  private readonly namedLivePhotos = new Set<string>();
  private readonly missingKeys: Set<string>;
  /** Number of the client's live photos that no version names. Undefined: the run does not delete them. */
  private livePhotos: number | undefined;

  constructor(private readonly deps: ErasureDeps) {
    this.missingKeys = new Set(deps.options.keys);
  }

  /** With a question, the versions are listed first, and sent in a second walk. */
  async run(): Promise<ExitStatus> {
    const { options, terminal } = this.deps;
    const asks = !options.isDryRun && !options.isConfirmed;
    let walk = this.walk({ isSent: !options.isDryRun && !asks, isListed: true });
    let isWhole = await this.runWalk(walk);
    if (isWhole === undefined) return exitStatus.wrong;
    const isListed = !isWhole || (await this.listRemaining());
    if (!isListed && asks) {
      terminal.notice('Nothing was sent.');
      return exitStatus.wrong;
    }
    const { selected } = walk.counts;
    if (asks && isWhole && (selected > 0 || options.isOfWholeClient)) {
      const question = `Erases ${toErase({ selected, livePhotos: this.livePhotos })}.`;
      if (!(await isConfirmed(question, options, terminal, 'An erasure can’t be undone'))) {
        terminal.notice('Nothing was sent.');
        return exitStatus.wrong;
      }
      walk = this.walk({ isSent: true, isListed: false });
      isWhole = await this.runWalk(walk);
      if (isWhole === undefined) return exitStatus.wrong;
    }
    await this.print(walk.counts, isWhole);
    if (!isWhole) return this.endInterrupted(walk.counts);
    const missing = this.describeMissing(walk.counts);
    for (const text of missing) terminal.notice(text);
    const status = isListed && missing.length === 0 ? exitStatus.done : exitStatus.wrong;
    if (options.isDryRun || !this.isAwaiting) return status;
    const { access, settings } = this.deps;
    const sent = { versions: this.awaited, areAll: this.awaited.length < maxAwaitedVersions };
    const claimsBucket = claimsBucketOf(settings);
    const ended = await finishErasures(sent, { options, terminal, s3: access.s3, claimsBucket, feed: this.feed() });
    return ended === exitStatus.done ? status : ended;
  }

  /** What was chosen by name, and has no version. It may be misspelt. */
  private describeMissing({ selected, alreadyErased }: ErasureCounts): string[] {
    const { clientId, isOfWholeClient, prefix, startAfter } = this.deps.options;
    const ofClient = clientId === undefined ? '' : ' of the client';
    const keys = [...this.missingKeys].map(
      (key) => `There is no version of ${printable(key)}${ofClient}: check the key, it is case-sensitive`,
    );
    const isWholeBucket = keys.length === 0 && prefix === undefined && startAfter === undefined;
    const isClientMissing =
      clientId !== undefined && isWholeBucket && !isOfWholeClient && selected + alreadyErased === 0;
    return isClientMissing ? ['There is no version of the client: check the client ID'] : keys;
  }

  private get isAwaiting(): boolean {
    const { deletesNow, isOfWholeClient } = this.deps.options;
    return deletesNow || isOfWholeClient;
  }

  private feed(): QueueFeed {
    const { options, terminal, access, settings } = this.deps;
    const messagesPerSecond = chooseRate(options.rate, settings);
    return new QueueFeed(access.sqs, access.stack.uploadQueueUrl, { messagesPerSecond, signal: terminal.interruption });
  }

  private walk({ isSent, isListed }: { readonly isSent: boolean; readonly isListed: boolean }): ErasureWalk {
    const { terminal, access, settings, scope } = this.deps;
    const bar = new ProgressBar(terminal);
    return new ErasureWalk({
      scope,
      outcomes: new PhotoOutcomes(access.s3, claimsBucketOf(settings)),
      feed: isSent ? this.feed() : undefined,
      signal: terminal.interruption,
      onVersion: async (version) => {
        this.missingKeys.delete(version.photo.location.key);
        if (isSent) this.noteAwaited(version);
        if (isListed) await this.list(version);
      },
      onProgress: ({ seen, selected }) =>
        bar.update({
          done: seen,
          total: undefined,
          note: `${selected.toLocaleString('en')} ${isSent ? 'sent' : 'to erase'}`,
        }),
    });
  }

  /** Notes a version that the end of the run waits for. */
  private noteAwaited({ photo, request }: ErasableVersion): void {
    // A version that was erased before is only deleted.
    const isAwaited = this.isAwaiting && (request !== undefined || this.deps.options.deletesNow);
    if (!isAwaited || this.awaited.length >= maxAwaitedVersions) return;
    const { bucket, key, versionId, eTag } = photo.location;
    this.awaited.push({ bucket, key, versionId, eTag, request });
  }

  /** Prints a version, and notes its live photo. */
  private async list(version: ErasableVersion): Promise<void> {
    const { options, terminal } = this.deps;
    const { outcome } = version;
    if (outcome.kind === 'untagged') this.namedLivePhotos.add(outcome.livePhotoId);
    if (outcome.kind === 'tagged' && outcome.outcome.status === 'uploaded') {
      this.namedLivePhotos.add(outcome.outcome.livePhotoId);
    }
    const listed = versionOf(version);
    if (options.isJson) await terminal.print(JSON.stringify(listed));
    else await say(terminal, describeVersion(listed));
  }

  /** @returns whether the walk is complete; undefined: it failed. */
  private async runWalk(walk: ErasureWalk): Promise<boolean | undefined> {
    try {
      return await walk.run();
    } catch (error) {
      const { terminal } = this.deps;
      terminal.notice(explainError(error));
      terminal.notice(this.again(walk.counts.position));
      return undefined;
    }
  }

  /** @returns whether ComplyCube has answered. */
  private async listRemaining(): Promise<boolean> {
    const { options, terminal, access } = this.deps;
    if (options.clientId === undefined) return true;
    let all: readonly ListedLivePhoto[];
    try {
      all = await listLivePhotosOf(options.clientId, access);
    } catch (error) {
      terminal.notice(explainError(error));
      return false;
    }
    const unnamed = all.filter(({ id }) => !this.namedLivePhotos.has(id));
    if (options.isOfWholeClient) this.livePhotos = unnamed.length;
    if (options.isJson) {
      const atComplyCube = unnamed.map(({ id, size, createdAtMs }) => ({
        ...{ id, size },
        createdAt: createdAtMs === undefined ? undefined : new Date(createdAtMs).toISOString(),
      }));
      await terminal.print(JSON.stringify({ atComplyCube }));
      return true;
    }
    const rest = options.isOfWholeClient ? '' : ' --all-of-client deletes them too.';
    const text =
      unnamed.length === 0
        ? 'At ComplyCube the client has no other live photo.'
        : `At ComplyCube the client has ${count(unnamed.length, 'live photo')} that no listed version names.${rest}`;
    await say(terminal, text);
    for (const { id } of unnamed) await say(terminal, `  ${id}`);
    return true;
  }

  private async print(counts: ErasureCounts, isWhole: boolean): Promise<void> {
    const { options, terminal } = this.deps;
    const { isDryRun, isJson } = options;
    if (isJson) await terminal.print(JSON.stringify({ ...counts, isWhole, isDryRun }));
    else for (const text of summarize(counts, { isDryRun, livePhotos: this.livePhotos })) await say(terminal, text);
  }

  private endInterrupted({ position }: ErasureCounts): ExitStatus {
    const { terminal } = this.deps;
    terminal.notice('Interrupted.');
    terminal.notice(this.again(position));
    return exitStatus.interrupted;
  }

  private again(position: string | undefined): string {
    const { options } = this.deps;
    const { keys, clientId, olderThanDays, deletesNow, isOfWholeClient } = options;
    const words = [
      ...['erase', ...keys],
      ...(clientId === undefined ? [] : ['--client-id', clientId]),
      ...(olderThanDays === undefined ? [] : ['--older-than', String(olderThanDays)]),
      ...(isOfWholeClient ? ['--all-of-client'] : []),
      ...(deletesNow ? ['--delete-now'] : []),
    ];
    const everyTime = { sinceMs: undefined, untilMs: undefined };
    // A walk for a whole client waits for all its versions, so it begins again. What is erased is not sent again.
    const isFromStart = keys.length > 0 || isOfWholeClient;
    return continueCommand(words, { ...options, period: everyTime }, isFromStart ? undefined : position);
  }
}
