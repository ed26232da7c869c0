import { parseArgs } from 'node:util';
import { rejectionReasons } from '../contract/outcome';
import { UsageError } from './command-error';
import { isRedrivableReason, type RedrivableReason, redrivableReasons } from './redrive/dead-letter-reason';
import { commandNames, type CommandName } from './options';
import { parsePeriod, type Period } from './photos/period';
import { patterns } from '../contract/patterns';

/** Which stack a command is about: a deployed one by its name, or the one that `npm start -- --serve` runs by its URL. */
export type StackChoice = { readonly stackName: string } | { readonly localUrl: string };

/** What every command is told. */
export interface CommonArguments {
  readonly stack: StackChoice;
  readonly isJson: boolean;
}

/** Which photo objects a command goes through. */
export interface PhotoArguments extends CommonArguments {
  /** Of the keys; undefined: all that the stack is about. */
  readonly prefix: string | undefined;
  readonly period: Period;
}

/** A command that sends photo objects to the queue. */
export interface SendingArguments extends PhotoArguments {
  /** The key to go on after. */
  readonly startAfter: string | undefined;
  /** Photo objects a second at most; undefined: as many as ComplyCube takes. */
  readonly rate: number | undefined;
  readonly isDryRun: boolean;
  /** Whether it was agreed to already. */
  readonly isAgreed: boolean;
}

/** A command line, understood. */
export type Command =
  | (CommonArguments & { readonly name: 'doctor' })
  | (CommonArguments & {
      readonly name: 'status';
      readonly key: string;
      readonly versionId: string | undefined;
      readonly isClientIdShown: boolean;
    })
  | (SendingArguments & { readonly name: 'backfill' })
  | (SendingArguments & { readonly name: 'redrive rejected'; readonly reasons: readonly string[] })
  | (Omit<SendingArguments, 'startAfter' | 'prefix' | 'period'> & {
      readonly name: 'redrive dead-letters';
      /** Default: every reason whose messages may be sent again. */
      readonly reasons: readonly RedrivableReason[] | undefined;
    })
  | (PhotoArguments & { readonly name: 'report' })
  | { readonly name: 'help'; readonly about: CommandName | undefined };

const options = {
  stack: { type: 'string' },
  local: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'version-id': { type: 'string' },
  'show-client-id': { type: 'boolean' },
  prefix: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  'start-after': { type: 'string' },
  rate: { type: 'string' },
  reason: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;
type OptionName = keyof typeof options;

const common: readonly OptionName[] = ['stack', 'local', 'json', 'help'];
const scope: readonly OptionName[] = ['prefix', 'since', 'until'];
const sending: readonly OptionName[] = ['rate', 'dry-run', 'yes'];

/**
 * Reads the command line.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseCommandLine(words: readonly string[]): Command {
  const { values, positionals } = parse(words);
  const [name, ...operands] = positionals;
  if (name === undefined || name === 'help') {
    const about = operands[0];
    if (name === undefined && values.help !== true) throw new UsageError(`Which command? ${namesOfCommands}`);
    return { name: 'help', about: about === undefined ? undefined : parseName(about) };
  }
  const command = parseName(name);
  if (values.help === true) return { name: 'help', about: command };

  const given = Object.keys(values) as OptionName[];
  const allow = (...allowed: readonly OptionName[]): void => {
    const foreign = given.find((option) => ![...common, ...allowed].includes(option));
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${name} (--help says all)`);
  };
  const expect = (...names: readonly string[]): readonly string[] => {
    const missing = names[operands.length];
    if (missing !== undefined) throw new UsageError(`${missing} is missing: live-photos ${name} ${names.join(' ')}`);
    const surplus = operands[names.length];
    if (surplus !== undefined) throw new UsageError(`${surplus} is one word too many (quote what holds spaces)`);
    return operands;
  };
  const base = { stack: parseStack(values.stack, values.local), isJson: values.json === true };
  const photos = () => ({ ...base, prefix: values.prefix, period: parsePeriod(values.since, values.until) });
  const effects = () => ({
    rate: parseRate(values.rate),
    isDryRun: values['dry-run'] === true,
    isAgreed: values.yes === true,
  });

  switch (command) {
    case 'doctor':
      allow();
      expect();
      return { ...base, name: command };
    case 'status': {
      allow('version-id', 'show-client-id');
      const [key = ''] = expect('KEY');
      if (key === '') throw new UsageError('KEY is empty: name an object');
      return {
        ...{ ...base, name: command, key },
        versionId: values['version-id'],
        isClientIdShown: values['show-client-id'] === true,
      };
    }
    case 'report':
      allow(...scope);
      expect();
      return { ...photos(), name: command };
    case 'backfill':
      allow(...scope, ...sending, 'start-after');
      expect();
      return { ...photos(), ...effects(), name: command, startAfter: values['start-after'] };
    case 'redrive': {
      const [what = ''] = expect('dead-letters|rejected');
      if (what === 'dead-letters') {
        allow(...sending, 'reason');
        return { ...base, ...effects(), name: 'redrive dead-letters', reasons: parseDeadLetterReasons(values.reason) };
      }
      if (what !== 'rejected') throw new UsageError(`There is no redrive ${what}: choose dead-letters or rejected`);
      allow(...scope, ...sending, 'start-after', 'reason');
      const reasons = parseRejectionReasons(values.reason);
      return { ...photos(), ...effects(), name: 'redrive rejected', startAfter: values['start-after'], reasons };
    }
  }
}

const namesOfCommands = `${commandNames.join(', ')} (--help says all)`;

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch (error) {
    const [firstSentence = ''] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${firstSentence} (--help says all)`);
  }
}

function parseName(text: string): CommandName {
  const name = commandNames.find((known) => known === text);
  if (name === undefined) throw new UsageError(`There is no command ${text}: choose from ${namesOfCommands}`);
  return name;
}

function parseStack(name: string | undefined, localUrl: string | undefined): StackChoice {
  if (localUrl === undefined) {
    const stackName = name ?? 'LivePhotos';
    if (!patterns.stackName.test(stackName)) {
      throw new UsageError(`--stack is ${stackName}: give a stack's name: a letter, then letters, digits and -`);
    }
    return { stackName };
  }
  if (name !== undefined) throw new UsageError('--stack and --local name two stacks: give one of them');
  const url = URL.canParse(localUrl) ? new URL(localUrl) : undefined;
  if (url?.protocol !== 'http:' || url.hostname !== '127.0.0.1') {
    throw new UsageError(
      `--local is ${localUrl}: give the URL that \`npm start -- --serve\` prints: http://127.0.0.1:PORT`,
    );
  }
  return { localUrl: url.origin };
}

function parseRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (rate <= 0) throw new UsageError(`--rate is ${text}: give photos a second, above 0`);
  return rate;
}

function parseRejectionReasons(texts: readonly string[] = []): readonly string[] {
  if (texts.length === 0) throw new UsageError(`--reason is missing: choose from ${rejectionReasons.join(', ')}`);
  for (const text of texts) {
    if (!(rejectionReasons as readonly string[]).includes(text)) {
      throw new UsageError(`--reason is ${text}: choose from ${rejectionReasons.join(', ')}`);
    }
    if (text === ('tag-limit-reached' satisfies (typeof rejectionReasons)[number])) {
      throw new UsageError(
        'Photos rejected for tag-limit-reached have no tag to find them by: free two tags, then backfill',
      );
    }
  }
  return texts;
}

function parseDeadLetterReasons(texts: readonly string[] | undefined): readonly RedrivableReason[] | undefined {
  return texts?.map((text) => {
    if (!isRedrivableReason(text)) {
      throw new UsageError(`--reason is ${text}: choose from ${redrivableReasons.join(', ')}`);
    }
    return text;
  });
}
