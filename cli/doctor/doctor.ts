import type { CommonArguments } from '../command-line';
import { type DoctorFacts, gatherFacts } from './facts';
import { type Finding, findingsOf, judgeFact } from './finding';
import { judgeBucketPolicy, judgeNotification, judgeVersioning } from './judge-bucket';
import { judgeEventSource, judgeFunction } from './judge-function';
import { judgeAccount, judgeSecret } from './judge-key';
import { judgePermissions } from './judge-permissions';
import { judgeBacklog, judgeDeadLetters, judgeQueuePolicy, judgeUploadQueue } from './judge-queues';
import { type ExitStatus, exitStatus } from '../exit-status';
import { requestsPerSecondOf } from '../stack/function-settings';
import type { Shell } from '../terminal/terminal';
import type { Stack } from '../stack/stack';
import { accessStack } from '../stack/stack-access';
import { count, printable } from '../terminal/text';

/** Checks a stack, and says what is wrong and how to mend it. */
export async function doctor({ stack, isJson }: CommonArguments, shell: Shell): Promise<ExitStatus> {
  const access = await accessStack(stack, shell.variables);
  const findings = judge(access.stack, await gatherFacts(access), access.onAws !== undefined);
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length;
  if (isJson) await shell.print(JSON.stringify(findings, null, 2));
  else {
    for (const finding of findings) await shell.print(render(finding));
    await shell.print(
      `\n${wrong === 0 ? `Nothing is wrong with ${access.stack.name}.` : `${count(wrong, 'thing')} to mend.`}`,
    );
  }
  return wrong === 0 ? exitStatus.done : exitStatus.wrong;
}

/** Judges everything that was looked up, in the order of a photo's way. */
function judge(stack: Stack, facts: DoctorFacts, isOnAws: boolean): Finding[] {
  const { settings, uploadQueue, deadLetterQueue } = facts;
  const queueArn = uploadQueue.isKnown ? uploadQueue.value['QueueArn'] : undefined;
  const rate = settings.isKnown ? requestsPerSecondOf(settings.value) : undefined;
  const isOwnBucket = stack.ruleNames.length === 0;
  return [
    judgeStack(stack.status),
    judgeFact('bucket', facts.versioning, judgeVersioning),
    judgeFact('notification', facts.notification, (notification) => judgeNotification(notification, queueArn)),
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
          judgeQueuePolicy(queue, isOwnBucket ? 's3.amazonaws.com' : 'events.amazonaws.com'),
        )
      : findingsOf('queue policy').unchecked('The local servers check no policies'),
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
  if (status === undefined) return unchecked('The stack of this machine has no CloudFormation');
  if (status.endsWith('_IN_PROGRESS')) return warning(`It is ${status}`, 'wait until CloudFormation is through');
  const isDeployed = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
  return isDeployed
    ? right(`It is deployed: ${status}`)
    : wrong(`It is ${status}`, 'see why in its events, and deploy it again');
}

const marks = { right: '✓', wrong: '✗', warning: '!', unchecked: '–' } as const;

function render({ check, verdict, said, mend }: Finding): string {
  const unchecked = verdict === 'unchecked' ? 'not checked: ' : '';
  const line = `${marks[verdict]} ${check.padEnd(14)} ${unchecked}${printable(said)}`;
  return mend === undefined ? line : `${line}\n${' '.repeat(17)}→ ${printable(mend)}`;
}
