import type { Principal } from '../policy/decide';
import { principalsOf } from '../policy/decide';
import { accountOf } from '../policy/patterns';
import type { PolicyStatement } from '../policy/statement';
import {
  callBy,
  callsDeniedTo,
  callsOfEveryone,
  callsOfFunction,
  callWithoutTls,
  type Context,
  type ExpectedCall,
  otherRoles,
  rolesAllowed,
  strangeAccount,
} from './expected-calls';
import type { RequiredPermission } from './judge-permissions';

/** A service that sends messages to a queue for a resource of the stack. */
export interface Sender {
  readonly service: 's3.amazonaws.com' | 'events.amazonaws.com';
  /** The ARN of the bucket or the rule. */
  readonly sourceArn: string;
  /** What happens if it may not send. */
  readonly consequence: string;
}

/** A queue of the stack, and who uses it. */
export interface QueueOfStack {
  readonly arn: string;
  readonly functionRole: string;
  /** What the function does with the queue. */
  readonly required: readonly RequiredPermission[];
  /** Undefined: no service sends to it. */
  readonly sender: Sender | undefined;
  /** Whether the stack names its operators. All other roles are denied then. */
  readonly areOperatorsNamed: boolean;
}

const using = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'];

/** Calls to a queue. */
export function callsToQueue(statements: readonly PolicyStatement[], queue: QueueOfStack): ExpectedCall[] {
  const { arn: resource, functionRole, required, areOperatorsNamed } = queue;
  const account = accountOf(functionRole) ?? '';
  const ofOtherAccounts = rolesAllowed(statements, functionRole).filter(({ arn }) => accountOf(arn) !== account);
  // Operators are named in conditions. No other role of the account may use the queue then.
  const [unnamed] = otherRoles(statements, functionRole);
  const denied = [...ofOtherAccounts, ...(areOperatorsNamed && unnamed !== undefined ? [unnamed] : [])];
  return [
    ...callsOfFunction(functionRole, required),
    ...callsOfSenders(statements, queue),
    ...callsOfEveryone(functionRole, [...using, 'sqs:ChangeMessageVisibility'], resource),
    callWithoutTls(functionRole, 'sqs:SendMessage', resource),
    ...callsDeniedTo(
      denied,
      'Others than the function and the operators are allowed',
      using.map((action) => [action, resource] as const),
    ),
  ];
}

/** Calls of the sender, and of services that have no reason to call. */
function callsOfSenders(
  statements: readonly PolicyStatement[],
  { arn: resource, functionRole, sender }: QueueOfStack,
): ExpectedCall[] {
  const account = accountOf(functionRole) ?? '';
  const named = statements
    .flatMap(({ Principal: principal }) => principalsOf(principal))
    .flatMap(([kind, name]) => (kind === 'Service' ? [name] : []));
  const services = new Set([...named, ...(sender === undefined ? [] : [sender.service])]);
  const by = (name: string, action: string, context: Context) =>
    callBy({ kind: 'service', name } satisfies Principal, action, resource, context);
  const denied = (name: string, action: string, context: Context, problem: string): ExpectedCall => ({
    ...{ request: by(name, action, context), expected: 'denied', problem, detail: `${action} by ${name}` },
  });
  const [partition = 'aws', region = ''] = [resource.split(':')[1], resource.split(':')[3]];
  const elsewhere = (name: string, source: string): Context => ({
    'aws:SourceAccount': source,
    'aws:SourceArn': `arn:${partition}:${name.replace('.amazonaws.com', '')}:${name.startsWith('s3.') ? ':' : `${region}:${source}`}:another`,
  });
  const ofStrangers = [...services].map((name) =>
    denied(name, 'sqs:SendMessage', elsewhere(name, strangeAccount), 'Other AWS accounts are allowed to send'),
  );
  if (sender === undefined) return ofStrangers;
  const { service, sourceArn, consequence } = sender;
  const own = { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn };
  const ofStranger = {
    'aws:SourceAccount': strangeAccount,
    'aws:SourceArn': sourceArn.replace(`:${account}:`, `:${strangeAccount}:`),
  };
  return [
    {
      request: by(service, 'sqs:SendMessage', own),
      expected: 'allowed',
      problem: `${service} is not allowed to send events of ${sourceArn.replace(/.*[:/]/, '')}: ${consequence}`,
      detail: 'sqs:SendMessage',
    },
    ...ofStrangers,
    denied(service, 'sqs:SendMessage', ofStranger, 'Other AWS accounts are allowed to send'),
    denied(service, 'sqs:SendMessage', elsewhere(service, account), `Other resources than ${sourceArn} may send`),
    ...using
      .filter((action) => action !== 'sqs:SendMessage')
      .map((action) => denied(service, action, own, `${service} may do more than send`)),
  ];
}
