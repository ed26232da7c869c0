import { DeleteObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { clientErasureMessage } from '../../contract/client-erasure-message';
import { canBeOverwritten, type ObjectVersion } from '../../contract/object-version';
import { isS3Absence } from '../../contract/s3-absence';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import type { QueueFeed } from '../photos/queue-feed';
import { say, type Terminal } from '../terminal/terminal';
import { count } from '../terminal/text';
import { type AwaitDeps, type AwaitedVersion, awaitErasures } from './await-erasures';
import type { EraseArguments } from './erase-arguments';
import { newRequest } from './erasure-walk';

/** Dependencies of {@link finishErasures}. */
export interface FinishDeps extends Pick<AwaitDeps, 'sleep' | 'now'> {
  readonly options: Pick<EraseArguments, 'deletesNow' | 'isOfWholeClient' | 'clientId' | 'isJson'>;
  readonly terminal: Terminal;
  readonly s3: S3Client;
  readonly claimsBucket: string;
  readonly feed: Pick<QueueFeed, 'send'>;
}

/** The versions that a run has sent, or that were erased before. */
export interface SentVersions {
  readonly versions: readonly AwaitedVersion[];
  /** Whether `versions` contains all of them. */
  readonly areAll: boolean;
}

/**
 * Waits until versions are erased. Then it deletes them from S3, and requests the deletion of the client's other live photos. An
 * earlier request would delete the live photos of the versions too, and their evidence would say `not-found`.
 */
export async function finishErasures({ versions, areAll }: SentVersions, deps: FinishDeps): Promise<ExitStatus> {
  const { options, terminal, s3, claimsBucket, sleep, now } = deps;
  const { interruption: signal } = terminal;
  let erased = 0;
  const failures: unknown[] = [];
  const left = await awaitErasures(versions, {
    ...{ s3, claimsBucket, signal },
    ...(sleep && { sleep }),
    ...(now && { now }),
    onErased: async (version) => {
      try {
        if (options.deletesNow) await deleteVersion(version, s3);
        erased++;
      } catch (error) {
        // Such as a version with a legal hold. The others are deleted.
        failures.push(error);
      }
    },
    onWait: (number) => {
      if (terminal.isTerminal) terminal.redraw(`waiting for ${count(number, 'erasure')}`);
    },
  }).catch((error: unknown) => {
    terminal.notice(`${explainError(error)}. The erasures were sent. Run the same command again.`);
    return undefined;
  });
  if (left === undefined) return exitStatus.wrong;
  const { waiting, refused } = left;
  if (options.deletesNow) {
    const numbers = { deleted: erased, notErasedYet: waiting.length, refused: refused.length };
    if (options.isJson) await terminal.print(JSON.stringify(numbers));
    else await say(terminal, `Deleted from S3: ${count(erased, 'version')}.`);
  }
  if (failures.length > 0) {
    terminal.notice(
      `${explainError(failures[0])}. Erased, but not deleted from S3: ${count(failures.length, 'version')}. Run the same command again.`,
    );
  }
  if (refused.length > 0) {
    terminal.notice(
      `ComplyCube refused to delete the live photos of ${count(refused.length, 'version')}: \`live-photos report --erasures\` shows its words.`,
    );
  }
  if (waiting.length > 0 || !areAll) {
    terminal.notice(describeRest(waiting.length, options));
    return signal.aborted ? exitStatus.interrupted : exitStatus.wrong;
  }
  if (options.isOfWholeClient && !(await requestClientErasure(deps))) return exitStatus.interrupted;
  return refused.length + failures.length > 0 ? exitStatus.wrong : exitStatus.done;
}

function describeRest(waiting: number, { deletesNow, isOfWholeClient }: FinishDeps['options']): string {
  const rest = waiting === 0 ? 'More versions may be left' : `Not erased yet: ${count(waiting, 'version')}`;
  const missing = [
    ...(deletesNow ? ['they are not deleted from S3'] : []),
    ...(isOfWholeClient ? ["the client's other live photos are not deleted"] : []),
  ];
  // Its message may have become a dead letter.
  const check = waiting === 0 ? '' : ' If this stays so, look at `live-photos redrive dead-letters --dry-run`.';
  return `${rest}, so ${missing.join(', and ')}. Run the same command again later.${check}`;
}

/** @returns whether it was sent: false if the command was interrupted. */
async function requestClientErasure({ options, terminal, feed }: FinishDeps): Promise<boolean> {
  const { clientId = '', isJson } = options;
  const request = newRequest();
  if (!(await feed.send([clientErasureMessage({ clientId, ...request })]))) {
    terminal.notice("Interrupted: the client's other live photos are not deleted. Run the same command again.");
    return false;
  }
  if (isJson) await terminal.print(JSON.stringify({ clientErasure: request }));
  else {
    await say(
      terminal,
      'Sent: the deletion of all live photos that the client still has at ComplyCube. It takes two minutes or longer. ' +
        `\`live-photos report --erasures\` shows the result, with the request ID ${request.requestId}.`,
    );
  }
  return true;
}

/** Names the version, so that S3 deletes it and does not only add a delete marker. */
async function deleteVersion(version: ObjectVersion, s3: S3Client): Promise<void> {
  const { bucket, key, versionId = 'null', eTag } = version;
  try {
    await s3.send(
      new DeleteObjectCommand({
        Bucket: bucket,
        Key: key,
        VersionId: versionId,
        // Another photo may have replaced a version without an ID.
        ...(canBeOverwritten(version) && { IfMatch: `"${eTag}"` }),
      }),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether another photo has replaced the version, or somebody has deleted it. */
function isGone(error: unknown): boolean {
  return isS3Absence(error) || (error instanceof S3ServiceException && error.name === 'PreconditionFailed');
}
