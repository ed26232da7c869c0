import type { Command } from '../command';
import { type ExitStatus, exitStatus } from '../exit-status';
import { type CommonArguments, parseCommon } from '../options';
import { processedPrefixesOf, requestsPerSecondOf } from '../stack/function-settings';
import type { Stack } from '../stack/stack';
import { accessStack } from '../stack/stack-access';
import { renderTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { count, printable } from '../terminal/text';
import { type DoctorFacts, gatherFacts } from './facts';
import { type Finding, findingsOf, judgeFact } from './finding';
import { judgeBucketPolicy, judgeNotification, judgeVersioning } from './judge-bucket';
import { judgeEventSource, judgeFunction } from './judge-function';
import { judgeAccount, judgeSecret } from './judge-key';
import { judgePermissions } from './judge-permissions';
import { judgeBacklog, judgeDeadLetters, judgeQueuePolicy, judgeUploadQueue } from './judge-queues';

/** Checks a stack, and says how to fix what is wrong. */
export const doctor: Command<CommonArguments> = {
  summary: 'Checks a stack, and says how to fix what is wrong.',
  options: [],
  examples: ['doctor'],
  details: [
    'It checks the key, a call to ComplyCube, the function, permissions, bucket, notification, policies and queues. It ' +
      'changes nothing.',
    'The function makes the call to ComplyCube, because only the function may read the key. The call only reads.',
    'A check that your own permissions do not allow is shown as not checked, and does not count as wrong.',
  ],
  parse: parseCommon,
  run,
};

async function run({ stack, isJson }: CommonArguments, terminal: Terminal): Promise<ExitStatus> {
  const access = await accessStack(stack, terminal.environment);
  const findings = judge(access.stack, await gatherFacts(access), access.onAws !== undefined);
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length;
  if (isJson) await terminal.print(JSON.stringify(findings, null, 2));
  else {
    for (const line of renderTable(findings.flatMap(rowsOf), { maxWidth: terminal.columns }))
      await terminal.print(line);
    await terminal.print(
      `\n${wrong === 0 ? `Nothing is wrong with ${access.stack.name}.` : `${count(wrong, 'problem')} to fix.`}`,
    );
  }
  return wrong === 0 ? exitStatus.done : exitStatus.wrong;
}

/** Judges all facts, in the order in which a photo passes the resources. */
function judge(stack: Stack, facts: DoctorFacts, isOnAws: boolean): Finding[] {
  const { settings, uploadQueue, deadLetterQueue } = facts;
  const queueArn = uploadQueue.isKnown ? uploadQueue.value['QueueArn'] : undefined;
  const rate = settings.isKnown ? requestsPerSecondOf(settings.value) : undefined;
  const isOwnBucket = stack.ruleNames.length === 0;
  return [
    judgeStack(stack.status),
    judgeFact('bucket', facts.versioning, judgeVersioning),
    judgeFact('notification', facts.notification, (notification) =>
      judgeNotification(notification, queueArn, settings.isKnown ? processedPrefixesOf(settings.value) : undefined),
    ),
    judgeFact('bucket policy', facts.bucketPolicy, (statements) =>
      judgeBucketPolicy(statements, { isOwn: isOwnBucket, role: settings.isKnown ? settings.value.role : undefined }),
    ),
    judgeFact('upload queue', uploadQueue, (queue) =>
      judgeUploadQueue(queue, {
        functionTimeoutSeconds: settings.isKnown ? settings.value.timeoutSeconds : 0,
        deadLetterArn: deadLetterQueue.isKnown ? deadLetterQueue.value['QueueArn'] : undefined,
      }),
    ),
    isOnAws
      ? judgeFact('queue policy', uploadQueue, (queue) =>
          judgeQueuePolicy(
            queue,
            isOwnBucket
              ? { service: 's3.amazonaws.com', source: stack.photoBucket }
              : { service: 'events.amazonaws.com', source: stack.ruleNames[0]?.split('|').at(-1) ?? '' },
          ),
        )
      : findingsOf('queue policy').unchecked('the local servers check no policies'),
    judgeFact('event source', settings, (known) => judgeEventSource(known, queueArn)),
    judgeFact('function', settings, judgeFunction),
    judgeFact('permissions', facts.refused, judgePermissions),
    judgeFact('API key', facts.secret, judgeSecret),
    judgeFact('ComplyCube', facts.account, (answer) => judgeAccount(answer, stack.apiKeySecretId)),
    judgeFact('backlog', uploadQueue, (queue) => judgeBacklog(queue, rate)),
    judgeFact('dead letters', deadLetterQueue, (queue) =>
      judgeDeadLetters(queue, uploadQueue.isKnown ? uploadQueue.value : {}),
    ),
  ];
}

function judgeStack(status: string | undefined): Finding {
  const { right, wrong, warning, unchecked } = findingsOf('stack');
  if (status === undefined) return unchecked('the local pipeline has no CloudFormation');
  if (status.endsWith('_IN_PROGRESS'))
    return warning(`Its status is ${status}`, 'wait until CloudFormation has finished');
  const isDeployed = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
  return isDeployed
    ? right(`It is deployed: ${status}`)
    : wrong(`Its status is ${status}`, 'see the reason in its CloudFormation events, then deploy it again');
}

const marks = { right: '✓', wrong: '✗', warning: '!', unchecked: '–' } as const;

function rowsOf({ check, verdict, said, mend }: Finding): string[][] {
  const unchecked = verdict === 'unchecked' ? 'not checked: ' : '';
  const row = [`${marks[verdict]} ${check}`, unchecked + printable(said)];
  return mend === undefined ? [row] : [row, ['', `→ ${printable(mend)}`]];
}
