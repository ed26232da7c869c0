import { account, type DeployedResource, type DeployedTemplate } from './deployed-template';
import { type AccessRequest, isAllowed, type Principal, type Statement } from './policy-evaluator';

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** The function's role. */
export function functionRole(template: DeployedTemplate): Extract<Principal, { kind: 'role' }> {
  return { kind: 'role', arn: template.the('AWS::IAM::Role').arn };
}

/**
 * The statements of the policies that are attached to the function's role. Grants of the app add an `AWS::IAM::Policy`.
 * @param idStart the start of the role's logical ID. Required if the template has several.
 */
export function rolePolicies(template: DeployedTemplate, idStart = ''): Statement[] {
  const role = template.the('AWS::IAM::Role', idStart);
  const attached = template.resources
    .filter(({ type }) => type === 'AWS::IAM::ManagedPolicy' || type === 'AWS::IAM::Policy')
    .filter(({ properties }) => (properties['Roles'] as string[]).includes(role.ref))
    .map(({ properties }) => properties as { PolicyDocument: PolicyDocument });
  return attached.flatMap(({ PolicyDocument: { Statement } }) => Statement);
}

/** The statements of a bucket's, queue's or secret's policy. Empty if it has none. */
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

/** A role of the account whose own policies allow every action of a service. */
export function roleWithAll(service: string): { readonly principal: Principal; readonly identity: Statement[] } {
  return {
    principal: { kind: 'role', arn: `arn:aws:iam::${account.accountId}:role/${service}-admin` },
    identity: [{ Effect: 'Allow', Action: `${service}:*`, Resource: '*' }],
  };
}

/** Whether the function's role allows a call. */
export function mayFunction(template: DeployedTemplate, action: string, resource: string): boolean {
  const request: AccessRequest = { principal: functionRole(template), action, resource };
  return isAllowed(request, { accountId: account.accountId, identity: rolePolicies(template) });
}
