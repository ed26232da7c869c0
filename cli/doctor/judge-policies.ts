import { type Fact, mapFact, notLookedUp } from '../stack/fact';
import {
  areOperatorsNamed,
  claimsBucketOf,
  type FunctionSettings,
  processedPrefixesOf,
} from '../stack/function-settings';
import { ruleNameOf, type Stack } from '../stack/stack';
import { parsePolicy, type PolicyStatement } from '../policy/statement';
import { callsToClaims, callsToPhotos, forgedOutcomes, tlsOf } from './bucket-calls';
import type { ExpectedCall } from './expected-calls';
import type { DoctorFacts } from './facts';
import { type Finding, judgeFactWith } from './finding';
import { requiredOnDeadLetterQueue, requiredOnUploadQueue, type RequiredPermission } from './judge-permissions';
import { judgePolicy, type PolicyWords } from './judge-policy';
import type { QueueAttributes } from './judge-queues';
import { callsToQueue, type Sender } from './queue-calls';
import { callsToSecret, readableKey } from './secret-calls';

type PolicyFacts = Pick<
  DoctorFacts,
  | ('settings' | 'secret' | 'bucketPolicy' | 'claimsPolicy' | 'secretPolicy')
  | ('uploadQueue' | 'deadLetterQueue' | 'undeliveredEvents')
>;
type Calls = (statements: readonly PolicyStatement[], known: Known) => ExpectedCall[];

interface Known {
  readonly settings: FunctionSettings;
  readonly functionRole: string;
}

/** Judges the policies of all resources. */
export function judgePolicies(stack: Stack, facts: PolicyFacts): Finding[] {
  const known = knownOf(facts.settings);
  const judge = (policy: Fact<readonly PolicyStatement[]>, calls: Calls, words: PolicyWords): Finding =>
    judgeFactWith(words.check, policy, known, (statements, context) =>
      judgePolicy(statements, calls(statements, context), { functionRole: context.functionRole, words }),
    );
  const { secret } = facts;
  const isOwnSecret = secret.isKnown && secret.value.stackName === stack.name;
  const secretPolicy = secret.isKnown ? facts.secretPolicy : secret;
  return [
    judge(facts.bucketPolicy, (statements, context) => photoCalls(stack, statements, context), {
      check: 'bucket policy',
      right: 'Only the function may write or change outcome tags',
      provided: isOwnBucket(stack) ? undefined : { section: 'Policy of an existing bucket', prevents: forgedOutcomes },
    }),
    judge(
      facts.claimsPolicy,
      (statements, { settings, functionRole }) =>
        callsToClaims(statements, { bucket: bucketArn(functionRole, claimsBucketOf(settings)), functionRole }),
      { check: 'claims policy', right: 'Only the function may write or delete claims, tombstones and evidence' },
    ),
    ...judgeQueuePolicies(stack, facts, known),
    judge(
      secretPolicy,
      (statements, { functionRole }) =>
        callsToSecret(statements, { secret: secret.isKnown ? secret.value.arn : stack.apiKeySecretId, functionRole }),
      {
        check: 'API key policy',
        right: 'Only the function may read the API key',
        provided: isOwnSecret ? undefined : { section: 'Policy of an existing secret', prevents: readableKey },
      },
    ),
  ];
}

function photoCalls(stack: Stack, statements: readonly PolicyStatement[], { settings, functionRole }: Known) {
  const ofBucket = { bucket: bucketArn(functionRole, stack.photoBucket), functionRole };
  const calls = callsToPhotos(statements, { ...ofBucket, keyPrefixes: processedPrefixesOf(settings) ?? [''] });
  return isOwnBucket(stack) ? [...calls, ...tlsOf(ofBucket)] : calls;
}

function judgeQueuePolicies(stack: Stack, facts: PolicyFacts, known: Fact<Known>): Finding[] {
  const judge = (
    queue: Fact<QueueAttributes>,
    words: PolicyWords,
    use: {
      readonly required: (arn: string) => readonly RequiredPermission[];
      readonly senderOf: (arn: string) => Sender | undefined;
    },
  ): Finding =>
    judgeFactWith(words.check, queue, known, ({ QueueArn: arn = '', Policy = '{}' }, { settings, functionRole }) => {
      const statements = parsePolicy(Policy);
      const calls = callsToQueue(statements, {
        ...{ arn, functionRole, areOperatorsNamed: areOperatorsNamed(settings) },
        ...{ required: use.required(arn), sender: use.senderOf(arn) },
      });
      return judgePolicy(statements, calls, { functionRole, words });
    });
  const nobody = 'and nobody else may use the queue without permission from its own policies';
  const queues = [
    judge(
      facts.uploadQueue,
      { check: 'queue policy', right: `${isOwnBucket(stack) ? 'S3' : 'EventBridge'} may send events, ${nobody}` },
      {
        required: requiredOnUploadQueue,
        senderOf: (arn) => ({ ...senderOf(stack, arn), consequence: 'nothing is uploaded' }),
      },
    ),
    judge(
      facts.deadLetterQueue,
      { check: 'dead-letter policy', right: `No service may send, ${nobody}` },
      { required: requiredOnDeadLetterQueue, senderOf: () => undefined },
    ),
  ];
  if (facts.undeliveredEvents === undefined) return queues;
  const ofRule = judge(
    facts.undeliveredEvents,
    { check: 'undelivered policy', right: `EventBridge may send what it can't deliver, ${nobody}` },
    {
      required: () => [],
      senderOf: (arn) => ({ ...senderOf(stack, arn), consequence: "events that can't be delivered are lost" }),
    },
  );
  return [...queues, ofRule];
}

/** Who sends the events of the photo bucket. @param queueArn has the partition, the region and the account. */
function senderOf(stack: Stack, queueArn: string): Omit<Sender, 'consequence'> {
  const [, partition = 'aws', , region = '', account = ''] = queueArn.split(':');
  const rule = ruleNameOf(stack);
  return rule === undefined
    ? { service: 's3.amazonaws.com', sourceArn: `arn:${partition}:s3:::${stack.photoBucket}` }
    : { service: 'events.amazonaws.com', sourceArn: `arn:${partition}:events:${region}:${account}:rule/${rule}` };
}

function isOwnBucket({ ruleNames }: Stack): boolean {
  return ruleNames.length === 0;
}

function knownOf(settings: Fact<FunctionSettings>): Fact<Known> {
  const role = settings.isKnown ? settings.value.role : undefined;
  if (settings.isKnown && role === undefined) return notLookedUp("the function's role could not be looked up");
  return mapFact(settings, (value) => ({ settings: value, functionRole: role ?? '' }));
}

function bucketArn(functionRole: string, name: string): string {
  const [, partition = 'aws'] = functionRole.split(':');
  return `arn:${partition}:s3:::${name}`;
}
