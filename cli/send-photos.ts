import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../lambda/clock';
import { isAgreedTo } from './agreement';
import { CommandError } from './command-error';
import type { SendingArguments, StackChoice } from './command-line';
import { type ExitStatus, exitStatus } from './exit-status';
import { explainError } from './explain-error';
import { claimsBucketOf, type FunctionSettings, readFunctionSettings, requestsPerSecondOf } from './function-settings';
import { PhotoOutcomes } from './photo-outcome';
import { choosePhotos } from './photo-scope';
import { countPhotos, PhotoWalk, type WalkPlan, type WalkTally } from './photo-walk';
import { ProgressBar } from './progress';
import { QueueFeed } from './queue-feed';
import type { Shell } from './shell';
import { accessStack } from './stack-access';
import { count, duration, printable, shellWord } from './text';

/** A command that goes through photo objects and sends some of them to the queue. */
export interface SendingCommand {
  /** As it is typed, its own options included: how to go on repeats it. */
  readonly words: readonly string[];
  readonly select: WalkPlan['select'];
  /** What is sent, in the words of a sentence: `photos that were never processed`. */
  readonly what: string;
}

/** Carries out a command that sends photo objects. */
export async function sendPhotos(
  { words, select, what }: SendingCommand,
  asked: SendingArguments,
  shell: Shell,
): Promise<ExitStatus> {
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const { startAfter, isDryRun, isJson } = asked;
  const scope = { ...(await choosePhotos(asked, access, settings)), startAfter };
  const rate = chooseRate(asked.rate, settings);
  const where = `${scope.bucket}${scope.prefix === '' ? '' : `, keys ${printable(scope.prefix)}…`}`;
  const question = `Of ${where}, ${what} are sent through the queue, at most ${rate} a second.`;
  if (!(await isAgreedTo(question, asked, shell))) {
    shell.say('Nothing was sent.');
    return exitStatus.wrong;
  }

  const { interruption: signal } = shell;
  const newBar = () =>
    new ProgressBar(
      (line) => {
        shell.redraw(line);
      },
      () => Date.now(),
    );
  let waiting: number | undefined;
  const counting = newBar();
  const onCount = (done: number): void => {
    counting.update({ done, total: undefined, note: 'counting the photos' });
  };
  const total = shell.isTerminal ? await countPhotos(access, scope, { signal, onCount }) : undefined;
  const walking = newBar();
  const clock = abortableClock(signal);
  const onWait = (messages: number | undefined): void => {
    waiting = messages;
    drawWalk(walk.tally);
  };
  const feed = isDryRun
    ? undefined
    : new QueueFeed(access.sqs, access.stack.uploadQueueUrl, { messagesPerSecond: rate, clock, signal, onWait });
  const drawWalk = (tally: WalkTally): void => {
    const queue = waiting === undefined ? '' : `  waiting: ${count(waiting, 'message')} in the queue`;
    if (!shell.isTerminal) return;
    const note = `${tally.selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'}${queue}`;
    walking.update({ done: tally.seen, total, note });
  };
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const walk = new PhotoWalk({ scope, select }, { access, outcomes, feed, signal, onProgress: drawWalk });

  const goOn = (): void => {
    const position = walk.tally.position;
    const again = ['npx', 'live-photos', ...words, ...(position === undefined ? [] : ['--start-after', position])];
    shell.say(`Nothing is lost. Go on with:  ${[...again, ...commonWords(asked)].map(shellWord).join(' ')}`);
  };
  let isWhole: boolean;
  try {
    isWhole = await walk.run();
  } catch (error) {
    shell.say(explainError(error));
    goOn();
    return exitStatus.wrong;
  }
  const summary = { ...walk.tally, isWhole, isDryRun, messagesPerSecond: rate };
  if (isJson) await shell.print(JSON.stringify(summary));
  else for (const line of renderTally(walk.tally, { isDryRun, rate, what })) await shell.print(line);
  if (isWhole) return exitStatus.done;
  shell.say('Interrupted.');
  goOn();
  return exitStatus.interrupted;
}

/** @throws CommandError when neither the person nor the stack tells. */
export function chooseRate(given: number | undefined, settings: FunctionSettings): number {
  const rate = given ?? requestsPerSecondOf(settings);
  if (rate === undefined) throw new CommandError("The function's settings don't tell its pace: give --rate");
  return rate;
}

/** Time whose waits end when the signal aborts. */
export function abortableClock(signal: AbortSignal): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      await setTimeout(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** The options by which the same stack and the same way are chosen again. */
function commonWords({ stack, rate, isDryRun, isAgreed, isJson }: SendingArguments): string[] {
  return [
    ...stackWords(stack),
    ...(rate === undefined ? [] : ['--rate', String(rate)]),
    ...(isDryRun ? ['--dry-run'] : []),
    ...(isAgreed ? ['--yes'] : []),
    ...(isJson ? ['--json'] : []),
  ];
}

function stackWords(stack: StackChoice): string[] {
  if ('localUrl' in stack) return ['--local', stack.localUrl];
  return stack.stackName === 'LivePhotos' ? [] : ['--stack', stack.stackName];
}

/** The options by which the same photo objects are chosen again. */
export function scopeWords({
  prefix,
  period: { sinceMs, untilMs },
}: Pick<SendingArguments, 'prefix' | 'period'>): string[] {
  return [
    ...(prefix === undefined ? [] : ['--prefix', prefix]),
    ...(sinceMs === undefined ? [] : ['--since', new Date(sinceMs).toISOString()]),
    ...(untilMs === undefined ? [] : ['--until', new Date(untilMs).toISOString()]),
  ];
}

/** What S3 bills in us-east-1 for a list and for reading tags, in dollars (its price list). */
const prices = { list: 0.005 / 1_000, tags: 0.0004 / 1_000 };

function renderTally(
  { seen, selected, passedOver, requests }: WalkTally,
  { isDryRun, rate, what }: { readonly isDryRun: boolean; readonly rate: number; readonly what: string },
): string[] {
  const others = Object.entries(passedOver).map(
    ([name, number]) => `${number.toLocaleString('en')} ${words[name] ?? name}`,
  );
  const dollars = requests.lists * prices.list + requests.tags * prices.tags;
  const looked = `${count(requests.lists, 'list')} and ${count(requests.tags, 'tag set')} were read, for about $${dollars.toFixed(2)}`;
  return [
    `${count(seen, 'photo object')} looked at: ${selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'} (${what})${others.map((other) => `, ${other}`).join('')}.`,
    isDryRun
      ? `Nothing was sent. At ${rate} a second that takes ${duration((selected / rate) * 1000)}. ${looked}.`
      : `${looked}. What becomes of them, \`live-photos report\` tells.`,
  ];
}

/** Outcomes in the words of a sentence. */
const words: Readonly<Record<string, string>> = {
  uploaded: 'uploaded before',
  rejected: 'rejected before',
  none: 'without an outcome',
  gone: 'deleted meanwhile',
};
