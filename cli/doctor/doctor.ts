import type { Command } from '../command';
import { type ExitStatus, exitStatus } from '../exit-status';
import { type CommonArguments, parseCommon } from '../options';
import { type Fact, mapFact } from '../stack/fact';
import { processedPrefixesOf, requestsPerSecondOf } from '../stack/function-settings';
import { ruleNameOf, type Stack } from '../stack/stack';
import { accessStack } from '../stack/stack-access';
import { renderTable } from '../terminal/table';
import { say, type Terminal } from '../terminal/terminal';
import { count, printable } from '../terminal/text';
import { type DoctorFacts, gatherFacts } from './facts';
import { type Finding, findingsOf, judgeFact, judgeFactWith } from './finding';
import { judgeAlarms } from './judge-alarms';
import { judgeLocation, judgeNotification, judgeVersioning } from './judge-bucket';
import { judgeErasure } from './judge-erasure';
import { judgeEventSource, judgeFunction } from './judge-function';
import { judgeAccount, judgeSecret } from './judge-key';
import { judgeKeys, type KeyUsers } from './judge-kms';
import { judgePermissions } from './judge-permissions';
import { judgePolicies } from './judge-policies';
import { judgeClaims, judgeErasedPhotos, judgeEvidence } from './judge-retention';
import {
  judgeBacklog,
  judgeDeadLetters,
  judgeUndeliveredEvents,
  judgeUploadQueue,
  type QueueAttributes,
} from './judge-queues';
import { judgeRuleDeadLetters } from './judge-rule';

/** Checks a stack, and says how to fix what is wrong. */
export const doctor: Command<CommonArguments> = {
  summary: 'Checks a stack, and says how to fix what is wrong.',
  options: [],
  examples: ['doctor'],
  details: [
    'It checks the key, a call to ComplyCube, the function, permissions, KMS keys, bucket, notification, policies, ' +
      'queues, the retention of erased photos, claims and evidence, and alarms. Of an existing bucket it checks account, region ' +
      'and the EventBridge rule too. It changes nothing.',
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
  else await say(terminal, renderFindings(findings, access.stack.name));
  return wrong === 0 ? exitStatus.done : exitStatus.wrong;
}

/** Renders findings for people. */
export function renderFindings(findings: readonly Finding[], stackName: string): string {
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length;
  const summary = wrong === 0 ? `Nothing is wrong with ${stackName}.` : `${count(wrong, 'problem')} to fix.`;
  return [...renderTable(findings.flatMap(rowsOf)), '', summary].join('\n');
}

/** Judges all facts, in the order in which a photo passes the resources. */
function judge(stack: Stack, facts: DoctorFacts, isOnAws: boolean): Finding[] {
  const { settings, uploadQueue, deadLetterQueue } = facts;
  const queueArn = mapFact(uploadQueue, arnOf);
  const rate = settings.isKnown ? requestsPerSecondOf(settings.value) : undefined;
  const isOwnBucket = stack.ruleNames.length === 0;
  return [
    judgeStack(stack.status),
    judgeFact('bucket', facts.versioning, judgeVersioning),
    ...(isOwnBucket ? [] : [judgeLocationOf(stack, facts)]),
    judgeFactWith('notification', facts.notification, queueArn, (notification, arn) =>
      judgeNotification(notification, arn, settings.isKnown ? processedPrefixesOf(settings.value) : undefined),
    ),
    ...(facts.undeliveredEvents === undefined ? [] : [judgeRule(facts, facts.undeliveredEvents)]),
    judgeFact('upload queue', uploadQueue, (queue) =>
      judgeUploadQueue(queue, {
        functionTimeoutSeconds: settings.isKnown ? settings.value.timeoutSeconds : undefined,
        deadLetterArn: deadLetterQueue.isKnown ? deadLetterQueue.value['QueueArn'] : undefined,
      }),
    ),
    judgeFactWith('event source', settings, queueArn, judgeEventSource),
    judgeFact('function', settings, judgeFunction),
    judgeFact('erasure', settings, judgeErasure),
    judgeFact('erased photos', facts.lifecycle, (rules) =>
      judgeErasedPhotos(rules, { isOwn: isOwnBucket, days: stack.erasedExpireDays }),
    ),
    judgeFact('claims', facts.claimsLifecycle, judgeClaims),
    judgeFact('evidence', facts.claimsLifecycle, (rules) => judgeEvidence(rules, stack.evidenceRetentionDays)),
    judgeFact('permissions', facts.refused, judgePermissions),
    ...(isOnAws
      ? judgePolicies(stack, facts)
      : [findingsOf('policies').unchecked('the local servers check no policies')]),
    ...(isOnAws ? judgeKeys(facts.encrypted, facts.keys, keyUsersOf(stack, facts)) : []),
    judgeFact('API key', facts.secret, judgeSecret),
    judgeFact('ComplyCube', facts.account, (answer) => judgeAccount(answer, stack.apiKeySecretId)),
    judgeFact('backlog', uploadQueue, (queue) => judgeBacklog(queue, rate)),
    judgeFactWith('dead letters', deadLetterQueue, uploadQueue, judgeDeadLetters),
    ...(facts.undeliveredEvents === undefined
      ? []
      : [judgeFact('undelivered events', facts.undeliveredEvents, judgeUndeliveredEvents)]),
    isOnAws ? judgeAlarmsOf(facts) : findingsOf('alarms').unchecked('the local pipeline has no CloudWatch'),
  ];
}

function keyUsersOf(stack: Stack, { settings }: DoctorFacts): KeyUsers | undefined {
  const role = settings.isKnown ? settings.value.role : undefined;
  const { photoBucket, place, hasTopic, alarmNames } = stack;
  if (!settings.isKnown || role === undefined || place === undefined) return undefined;
  const { logGroup } = settings.value;
  const notifyingAlarm = hasTopic ? alarmNames[0] : undefined;
  return { role, region: place.region, photoBucket, ruleName: ruleNameOf(stack), logGroup, notifyingAlarm };
}

function arnOf({ QueueArn = '' }: QueueAttributes): string {
  return QueueArn;
}

function judgeLocationOf({ place }: Stack, { bucketPlace }: DoctorFacts): Finding {
  if (place === undefined)
    return findingsOf('bucket location').unchecked('CloudFormation did not return where the stack is');
  return judgeFact('bucket location', bucketPlace, (ofBucket) => judgeLocation(ofBucket, place));
}

function judgeRule({ notification }: DoctorFacts, queue: Fact<QueueAttributes>): Finding {
  const check = 'rule dead letters';
  return judgeFactWith(check, queue, notification, ({ QueueArn }, { rules: [rule] }) =>
    rule === undefined
      ? findingsOf(check).unchecked('the stack has no EventBridge rule')
      : judgeRuleDeadLetters(rule, QueueArn),
  );
}

function judgeAlarmsOf({ alarms, deadLetterQueue, undeliveredEvents }: DoctorFacts): Finding {
  if (undeliveredEvents?.isKnown === false) return findingsOf('alarms').unchecked(undeliveredEvents.because);
  return judgeFactWith('alarms', alarms, deadLetterQueue, (known, deadLetters) =>
    judgeAlarms(known, {
      'the dead-letter queue': arnOf(deadLetters),
      ...(undeliveredEvents !== undefined && { 'the queue of undelivered events': arnOf(undeliveredEvents.value) }),
    }),
  );
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
