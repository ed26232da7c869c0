import { patterns } from '../contract/patterns';
import { UsageError } from './command-error';
import { parsePeriod, type Period } from './photos/period';
import { parseWords } from './terminal/command';

/** All options. A command lists those that it has; `--help` shows `value` and `about`. */
export const options = {
  prefix: { type: 'string', value: 'P', about: 'only objects whose key begins with P' },
  since: {
    type: 'string',
    value: 'T',
    about: 'only objects created at T or later. T is a day in UTC, such as 2026-11-01, or 2026-11-01T09:00:00+01:00',
  },
  until: { type: 'string', value: 'T', about: 'only objects created before T' },
  'start-after': { type: 'string', value: 'KEY', about: 'continue after this key' },
  reason: { type: 'string', multiple: true, value: 'R', about: 'only this reason. Can be used more than once' },
  'dry-run': { type: 'boolean', value: '', about: 'show what would be sent, and send nothing' },
  rate: {
    type: 'string',
    value: 'N',
    about: 'send N photos per second. Default: the number of calls per second that the stack may make to ComplyCube',
  },
  yes: { type: 'boolean', value: '', about: "don't ask for confirmation. Required without a terminal" },
  show: {
    type: 'boolean',
    value: '',
    about: 'print the messages that are not sent without --reason, and send nothing',
  },
  delete: {
    type: 'string',
    multiple: true,
    value: 'ID',
    about: 'delete the message with this ID, which --show prints, and send nothing. Can be used more than once',
  },
  'version-id': { type: 'string', value: 'ID', about: 'only this version of the object' },
  'show-client-id': {
    type: 'boolean',
    value: '',
    about: 'print the client ID. Default: show only whether it is set and well-formed',
  },
  'client-id': { type: 'string', value: 'ID', about: 'every version whose metadata has this client ID' },
  'older-than': { type: 'string', value: 'DAYS', about: 'only versions that were created more than DAYS days ago' },
  'delete-now': {
    type: 'boolean',
    value: '',
    about:
      'also delete the erased versions from S3, with your own permission. Default: the lifecycle rule deletes them',
  },
  'all-of-client': {
    type: 'boolean',
    value: '',
    about: 'with --client-id: also delete the live photos of the client at ComplyCube that no version names',
  },
  erasures: { type: 'boolean', value: '', about: 'print the evidence of erasures instead' },
  stack: {
    type: 'string',
    value: 'NAME',
    about:
      'the deployed stack. Default: LivePhotos. Region and credentials are found as by the AWS CLI (AWS_PROFILE, AWS_REGION)',
  },
  local: {
    type: 'string',
    value: 'URL',
    about: 'use the local pipeline instead. `npm start -- --serve` prints its URL as “Command line”',
  },
  json: { type: 'boolean', value: '', about: 'print JSON' },
  help: { type: 'boolean', short: 'h', value: '', about: 'print this help' },
} as const;

/** The name of an option, without its dashes. */
export type OptionName = keyof typeof options;
/** The options of a command line. */
export type OptionValues = ReturnType<typeof parseOptions>['values'];

/** Options of all commands. */
export const commonOptions: readonly OptionName[] = ['stack', 'local', 'json', 'help'];
/** Options of commands that list photo objects. */
export const photoOptions: readonly OptionName[] = ['prefix', 'since', 'until'];
/** Options of commands that send messages to the upload queue. */
export const sendOptions: readonly OptionName[] = ['dry-run', 'rate', 'yes'];

/** A deployed stack by its name, or the local pipeline of `npm start -- --serve` by its URL. */
export type StackChoice = { readonly stackName: string } | { readonly localUrl: string };

/** Arguments of every command. */
export interface CommonArguments {
  readonly stack: StackChoice;
  readonly isJson: boolean;
}

/** Arguments of a command that lists photo objects. */
export interface PhotoArguments extends CommonArguments {
  /** Prefix of keys; undefined: the stack's own prefixes. */
  readonly prefix: string | undefined;
  readonly period: Period;
}

/** Arguments of a command that sends messages to the upload queue. */
export interface SendArguments extends CommonArguments {
  /** Photo objects per second; undefined: the stack's pace. */
  readonly rate: number | undefined;
  readonly isDryRun: boolean;
  /** Whether `--yes` confirms in advance. */
  readonly isConfirmed: boolean;
}

/** Arguments of a command that walks over photo objects and sends some of them. */
export interface WalkArguments extends PhotoArguments, SendArguments {
  /** The key after which to continue. */
  readonly startAfter: string | undefined;
}

/** Splits a command line into options and other words. @throws UsageError for an unknown option. */
export function parseOptions(words: readonly string[]) {
  return parseWords(words, { allowPositionals: true, options });
}

/** @throws UsageError if the stack is not named correctly. */
export function parseCommon({ stack, local, json }: OptionValues): CommonArguments {
  return { stack: parseStack(stack, local), isJson: json === true };
}

/** @throws UsageError if one of {@link photoOptions} is malformed. */
export function parsePhotoOptions(values: OptionValues): PhotoArguments {
  return { ...parseCommon(values), prefix: values.prefix, period: parsePeriod(values.since, values.until) };
}

/** @throws UsageError if one of {@link sendOptions} is malformed. */
export function parseSendOptions(values: OptionValues): SendArguments {
  return {
    ...parseCommon(values),
    rate: parseRate(values.rate),
    isDryRun: values['dry-run'] === true,
    isConfirmed: values.yes === true,
  };
}

/** @throws UsageError if an option of a walk is malformed. */
export function parseWalkOptions(values: OptionValues): WalkArguments {
  return { ...parsePhotoOptions(values), ...parseSendOptions(values), startAfter: values['start-after'] };
}

function parseStack(name: string | undefined, localUrl: string | undefined): StackChoice {
  if (localUrl === undefined) {
    const stackName = name ?? 'LivePhotos';
    if (patterns.stackName.test(stackName)) return { stackName };
    throw new UsageError(`--stack is ${stackName}: a stack's name is a letter, followed by letters, digits and -`);
  }
  if (name !== undefined) throw new UsageError('--stack and --local name two stacks: use one of them');
  const url = URL.canParse(localUrl) ? new URL(localUrl) : undefined;
  if (url?.protocol === 'http:' && url.hostname === '127.0.0.1') return { localUrl: url.origin };
  throw new UsageError(
    `--local is ${localUrl}: use the URL that \`npm start -- --serve\` prints, http://127.0.0.1:PORT`,
  );
}

function parseRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (rate <= 0) throw new UsageError(`--rate is ${text}: use a number of photos per second above 0`);
  return rate;
}

/** Checks the values of `--reason`. @throws UsageError naming the reasons that can be chosen. */
export function parseReasons<Reason extends string>(texts: readonly string[], known: readonly Reason[]): Reason[] {
  return texts.map((text) => {
    const reason = known.find((one) => one === text);
    if (reason === undefined) throw new UsageError(`--reason is ${text}: choose from ${known.join(', ')}`);
    return reason;
  });
}
