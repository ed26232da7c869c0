import { account, type DeployedResource, type DeployedTemplate } from './deployed-template';
import { type AccessRequest, isAllowed, type Principal, type Statement } from './policy-evaluator';

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** The function's role. */
export function functionRole(template: DeployedTemplate): Extract<Principal, { kind: 'role' }> {
  return { kind: 'role', arn: template.the('AWS::IAM::Role').arn };
}

/** All that the function's role is allowed: its inline policies, and those that are attached to it. */
export function rolePolicies(template: DeployedTemplate): Statement[] {
  const role = template.the('AWS::IAM::Role');
  const inline = (role.properties['Policies'] ?? []) as { PolicyDocument: PolicyDocument }[];
  const attached = template
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => (properties['Roles'] as string[]).includes(role.ref))
    .map(({ properties }) => properties as { PolicyDocument: PolicyDocument });
  return [...inline, ...attached].flatMap(({ PolicyDocument: { Statement } }) => Statement);
}

/** The policy of a bucket, a queue or a secret; none where nothing was set. */
export function resourcePolicy(template: DeployedTemplate, { ref }: DeployedResource): Statement[] {
  return template.resources.flatMap(({ properties }) => {
    const { Bucket, Queues = [], SecretId, PolicyDocument, ResourcePolicy } = properties as PolicyProperties;
    const isOfResource = [Bucket, SecretId, ...Queues].includes(ref);
    return isOfResource ? ((PolicyDocument ?? ResourcePolicy)?.Statement ?? []) : [];
  });
}

interface PolicyProperties {
  readonly Bucket?: string;
  readonly Queues?: readonly string[];
  readonly SecretId?: string;
  readonly PolicyDocument?: PolicyDocument;
  readonly ResourcePolicy?: PolicyDocument;
}

/** A role of the account that may do everything that a service knows, as far as its own policies go. */
export function roleWithAll(service: string): { readonly principal: Principal; readonly identity: Statement[] } {
  return {
    principal: { kind: 'role', arn: `arn:aws:iam::${account.accountId}:role/${service}-admin` },
    identity: [{ Effect: 'Allow', Action: `${service}:*`, Resource: '*' }],
  };
}

/** Whether the function may make a call, by its role alone. */
export function mayFunction(template: DeployedTemplate, action: string, resource: string): boolean {
  const request: AccessRequest = { principal: functionRole(template), action, resource };
  return isAllowed(request, { accountId: account.accountId, identity: rolePolicies(template) });
}
