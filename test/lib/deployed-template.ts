import { DeployableTemplate, localAccount, type Template } from '../../local/pipeline/template';

/** The account that templates are resolved for. */
export const account = localAccount;

/** One resource with resolved references. */
export interface DeployedResource {
  readonly id: string;
  readonly type: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A template whose references are resolved to invented names and ARNs in AWS's formats. */
export class DeployedTemplate {
  private readonly template: Template;
  private readonly deployable: DeployableTemplate;

  /** @param template as JSON. */
  constructor(
    template: object,
    private readonly stackName: string,
  ) {
    this.template = template as Template;
    this.deployable = new DeployableTemplate(this.template);
    for (const id of Object.keys(this.template.Resources)) {
      const { ref, arn } = this.standIn(id);
      this.deployable.register(id, { ref, arn, queueName: arn.replace(/.*:/, '') });
    }
  }

  /** All resources. */
  get resources(): DeployedResource[] {
    return Object.entries(this.template.Resources).map(([id, { Type }]) => ({
      id,
      type: Type,
      ...this.standIn(id),
      properties: this.deployable.propertiesOf(id) as Record<string, unknown>,
    }));
  }

  /** The resources of a type. */
  ofType(type: string): DeployedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /**
   * The only resource of a type whose logical ID starts with a text.
   * @throws if there is none, or more than one.
   */
  the(type: string, idStart = ''): DeployedResource {
    const [found, ...more] = this.ofType(type).filter(({ id }) => id.startsWith(idStart));
    if (found === undefined || more.length > 0)
      throw new Error(`The template does not have exactly one ${type} ${idStart}`);
    return found;
  }

  private standIn(id: string): Pick<DeployedResource, 'ref' | 'arn'> {
    const resource = this.template.Resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}`);
    const { BucketName } = resource.Properties ?? {};
    const generated = `${this.stackName}-${id}-1ABCDEFGHIJK`;
    const name = typeof BucketName === 'string' ? BucketName : generated;
    const regional = (service: string, rest: string): string =>
      `arn:${account.partition}:${service}:${account.region}:${account.accountId}:${rest}`;
    switch (resource.Type) {
      case 'AWS::S3::Bucket':
        return { ref: name.toLowerCase(), arn: `arn:${account.partition}:s3:::${name.toLowerCase()}` };
      case 'AWS::SQS::Queue':
        return {
          ref: `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`,
          arn: regional('sqs', name),
        };
      case 'AWS::SecretsManager::Secret': {
        const arn = regional('secretsmanager', `secret:${id}-1ABCDEFGHIJK-AbCdEf`);
        return { ref: arn, arn };
      }
      case 'AWS::IAM::Role':
        return { ref: name, arn: `arn:${account.partition}:iam::${account.accountId}:role/${name}` };
      case 'AWS::Logs::LogGroup':
        // Ends with `:*` (CloudFormation's reference, AWS::Logs::LogGroup).
        return { ref: name, arn: regional('logs', `log-group:${name}:*`) };
      case 'AWS::Lambda::Function':
        return { ref: name, arn: regional('lambda', `function:${name}`) };
      case 'AWS::KMS::Key':
        return { ref: name, arn: regional('kms', `key/${id}`) };
      case 'AWS::Events::Rule':
        return { ref: name, arn: regional('events', `rule/${name}`) };
      default:
        return { ref: name, arn: `no ARN of ${resource.Type}` };
    }
  }
}
