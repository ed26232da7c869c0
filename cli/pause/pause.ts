import { ResourceInUseException, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { functionTimeoutMs, queueRetentionDays } from '../../contract/durations';
import type { Command } from '../command';
import { CommandError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { type CommonArguments, parseCommon } from '../options';
import { findEventSource, readFunctionSettings } from '../stack/function-settings';
import { accessStack } from '../stack/stack-access';
import { say, type Terminal } from '../terminal/terminal';
import { duration } from '../terminal/text';

const meanwhile =
  `Meanwhile the app uploads photos to S3 as usual, and their messages wait in the upload queue. SQS deletes a message ` +
  `${queueRetentionDays} days after its photo arrived, so resume within a day. The alarm not-received fires while messages wait.`;

/** Stops the delivery of photos to the function. */
export const pause: Command<CommonArguments> = {
  summary: 'Stops the processing of photos, for maintenance. Photos wait in the queue.',
  options: [],
  examples: ['pause'],
  details: [
    'It disables the event source mapping, which delivers messages to the function. Pausing a paused stack changes nothing.',
    `Invocations that run already process photos for up to ${duration(functionTimeoutMs)} more.`,
    meanwhile,
    'A deployment may enable the event source mapping again. `resume` enables it.',
  ],
  parse: parseCommon,
  run: (options, terminal) =>
    switchDelivery(false, options, terminal, {
      state: 'paused',
      said: pausedSentences,
    }),
};

/** What the command says when it has paused a stack. */
export const pausedSentences: readonly string[] = [
  `Paused: the function receives no new messages. Running invocations end within ${duration(functionTimeoutMs)}.`,
  meanwhile,
  'Continue with `npx live-photos resume`.',
];

/** Starts the delivery of photos again. */
export const resume: Command<CommonArguments> = {
  summary: 'Continues the processing of photos after pause.',
  options: [],
  examples: ['resume'],
  details: [
    'It enables the event source mapping, which delivers messages to the function. Resuming a stack that is not paused ' +
      'changes nothing.',
    'Waiting photos are processed at the usual pace. `doctor` shows how many wait.',
  ],
  parse: parseCommon,
  run: (options, terminal) =>
    switchDelivery(true, options, terminal, {
      state: 'running',
      said: [
        'Resumed: the function receives messages again, within a minute. `npx live-photos doctor` shows the backlog.',
      ],
    }),
};

async function switchDelivery(
  isEnabled: boolean,
  { stack: choice, isJson }: CommonArguments,
  terminal: Terminal,
  result: { readonly state: 'paused' | 'running'; readonly said: readonly string[] },
): Promise<ExitStatus> {
  const { lambda, stack } = await accessStack(choice, terminal.environment);
  const { id, state } = findEventSource(await readFunctionSettings(lambda, stack.functionName), stack);
  const isChanged = state !== (isEnabled ? 'Enabled' : 'Disabled');
  if (isChanged) {
    try {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: isEnabled }));
    } catch (cause) {
      if (!(cause instanceof ResourceInUseException)) throw cause;
      throw new CommandError('Lambda is changing the event source mapping: try again in a minute', { cause });
    }
  }
  if (isJson) await terminal.print(JSON.stringify({ state: result.state, isChanged }));
  else {
    if (!isChanged) await say(terminal, `It was ${result.state} already.`);
    for (const sentence of result.said) await say(terminal, sentence);
  }
  return exitStatus.done;
}
