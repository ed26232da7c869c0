/** The invented account that templates are resolved for. */
export const account = { accountId: '111111111111', region: 'eu-west-1', partition: 'aws' } as const;

/** A template that CDK synthesized. */
export interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** One resource with resolved references. */
export interface DeployedResource {
  readonly id: string;
  readonly type: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account.accountId,
  'AWS::Partition': account.partition,
  'AWS::Region': account.region,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A template whose references are resolved to invented names and ARNs in AWS's formats. */
export class DeployedTemplate {
  constructor(
    private readonly template: SynthesizedTemplate,
    private readonly stackName: string,
  ) {}

  /** All resources. */
  get resources(): DeployedResource[] {
    return Object.entries(this.template.Resources).map(([id, { Type, Properties = {} }]) => ({
      id,
      type: Type,
      ...this.standIn(id),
      properties: this.resolve(Properties) as Record<string, unknown>,
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

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value) as [string, unknown][];
    const [[name, argument] = ['', undefined]] = entries;
    if (entries.length === 1 && name === 'Ref') return this.reference(String(argument));
    if (name === 'Fn::GetAtt') return this.attribute(argument as [string, string]);
    if (name === 'Fn::Join') {
      const [separator, parts] = this.resolve(argument) as [string, string[]];
      return parts.join(separator);
    }
    if (name === 'Fn::Sub' && typeof argument === 'string') {
      return argument.replaceAll(/\$\{([^}]*)\}/g, (_, id: string) => this.reference(id));
    }
    if (name.startsWith('Fn::')) throw new Error(`The resolver does not know ${name}`);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]));
  }

  private reference(id: string): string {
    return pseudoParameters[id] ?? this.standIn(id).ref;
  }

  private attribute([id, name]: readonly [string, string]): string {
    const { arn } = this.standIn(id);
    if (name === 'Arn') return arn;
    if (name === 'QueueName') return arn.replace(/.*:/, '');
    throw new Error(`The resolver does not know the attribute ${name} of ${id}`);
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
      case 'AWS::Events::Rule':
        return { ref: name, arn: regional('events', `rule/${name}`) };
      default:
        return { ref: name, arn: `no ARN of ${resource.Type}` };
    }
  }
}
