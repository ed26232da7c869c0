/** The commands, as they are typed. */
export const commandNames = ['doctor', 'status', 'backfill', 'redrive', 'report'] as const;

/** One of {@link commandNames}. */
export type CommandName = (typeof commandNames)[number];

const commonOptions = `  --stack NAME  the deployed stack; LivePhotos unless given. Region and credentials are found as the AWS CLI finds them:
                AWS_PROFILE, AWS_REGION and so on
  --local URL   the stack of this machine in its place, by the URL that \`npm start -- --serve\` prints
  --json        print for machines
  --help        print this`;

const scopeOptions = `  --prefix P    only objects whose key begins so
  --since T     only objects put then or later: 2026-11-01, which is in UTC, or 2026-11-01T09:00:00+01:00
  --until T     only objects put before then`;

const sendingOptions = `  --dry-run     say what would be sent, and send nothing
  --rate N      photos a second; unless given, as many calls a second as the stack may make to ComplyCube
  --yes         don't ask; needed where nobody can be asked`;

const exitCodes = `Exit status: 0 done, 1 something is wrong or failed, 2 the command line is wrong, 130 interrupted.`;

const overview = `Looks after a stack that uploads photos to ComplyCube as live photos.

  live-photos doctor                            checks the stack; says what is wrong and how to mend it
  live-photos status KEY                        says everything known about one photo object
  live-photos backfill                          sends objects that were there before through the queue
  live-photos redrive dead-letters|rejected     sends what failed, or was rejected, through the queue again
  live-photos report                            lists photo objects, outcomes and live photo IDs as CSV
  live-photos COMMAND --help                    says all about one of them

Options of all commands
${commonOptions}

${exitCodes}`;

const helpOf: Readonly<Record<CommandName, string>> = {
  doctor: `Checks a stack: key, a call to ComplyCube, function, permissions, bucket, notification, policies, queues.

  live-photos doctor

Nothing is changed. The call to ComplyCube is made by the function, with the key that it alone may read; it only reads.
What your own permissions don't let it look at is said to be unchecked, and does not count as wrong.

Options
${commonOptions}

Exit status: 0 nothing is wrong, 1 something is, 2 the command line is wrong.`,

  status: `Says everything that is known about one photo object: its versions, their outcomes, claims and live photos.

  live-photos status KEY

Messages of an object on their way can't be looked up: SQS has no such call.

Options
  --version-id ID    only this version of the object
  --show-client-id   print the client ID; otherwise it is only said whether there is a well-formed one
${commonOptions}

Exit status: 0 done, 1 there is no such object or something failed, 2 the command line is wrong.`,

  backfill: `Sends photo objects that were there before, or whose events were lost, through the upload queue.

  live-photos backfill --dry-run
  live-photos backfill --prefix photos/2026/ --since 2026-01-01

Objects are sent in the order of their keys, at ComplyCube's pace. While many messages wait in the queue, it waits too, so
that new photos never wait long. It sends the current version of each object whose tags contain no outcome. Folder markers
(0 bytes, key ends with /) and objects in GLACIER or DEEP_ARCHIVE that are not restored are counted and not sent. It lists
the bucket and reads the tags of each object, with --dry-run as well: about $0.40 per million objects. When it is
interrupted, it prints the command that continues. Starting again is safe too: objects with an outcome are skipped.

Options
${scopeOptions}
  --start-after KEY  go on after this key
${sendingOptions}
${commonOptions}

${exitCodes}`,

  redrive: `Sends what failed through the upload queue again, once its reason is mended.

  live-photos redrive dead-letters --dry-run
  live-photos redrive dead-letters --reason account-fault
  live-photos redrive rejected --reason client-unknown --since 2026-11-01 --until 2026-11-02

dead-letters  messages of the dead-letter queue. Each is sent before it is deleted there, so none is lost if the command stops.
              The dry run shows the reasons. Messages that are no event of a photo object are never sent.
rejected      the current version of photo objects whose tags tell one of the reasons given. The rejection is taken back just
              when the function gets to the photo, and just if it still stands; what was uploaded is never uploaded again.

Options
  --reason R    only for this reason; may be given more than once
${sendingOptions}
Options of redrive rejected
${scopeOptions}
  --start-after KEY  go on after this key
Options of all commands
${commonOptions}

${exitCodes}`,

  report: `Lists photo objects, every version, with their outcomes and live photo IDs: CSV on standard output, in the order of keys.

  live-photos report --since 2026-11-01 --until 2026-12-01 > november.csv

Columns: bucket, key, version, put_at, size, outcome, reason, live_photo_id. An outcome is uploaded, rejected, empty while
there is none, or uploaded-untagged where just the claim knows it. A cell that a spreadsheet would take for a formula begins
with a ' of ours. With --json each line is one object. Objects that were deleted for good are not listed.

Options
${scopeOptions}
${commonOptions}

${exitCodes}`,
};

/** What `--help` prints. */
export function helpAbout(command: CommandName | undefined): string {
  return command === undefined ? overview : helpOf[command];
}
