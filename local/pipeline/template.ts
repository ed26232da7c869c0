/** The parts of a CloudFormation template that a local deployment reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** One resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The values of `Ref` and `Fn::GetAtt` for a resource that is deployed locally. */
export interface LocalResource {
  readonly ref: string;
  readonly arn?: string;
  readonly queueName?: string;
}

/** The account and region of all local resources. */
export const localAccount = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' } as const;

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': localAccount.accountId,
  'AWS::Region': localAccount.region,
  'AWS::Partition': localAccount.partition,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The template contains something that local code does not support. Ignoring it would make a local run differ from AWS. */
export class UnsupportedInTemplateError extends Error {
  override readonly name = 'UnsupportedInTemplateError';
}

/** @throws UnsupportedInTemplateError if `value` has other properties than the supported ones. */
export function checkNames(what: string, value: object, supported: readonly string[]): void {
  const unsupported = Object.keys(value).find((name) => !supported.includes(name));
  if (unsupported !== undefined)
    throw new UnsupportedInTemplateError(`${unsupported} of ${what} is not supported locally`);
}

/** A template whose resources are deployed one after another. References are resolved to resources that are deployed already. */
export class DeployableTemplate {
  private readonly deployed = new Map<string, LocalResource>();

  constructor(private readonly template: Template) {}

  /** The types of all resources. */
  get types(): ReadonlySet<string> {
    return new Set(Object.values(this.template.Resources).map(({ Type }) => Type));
  }

  /** The logical IDs of all resources of a type, in the template's order. */
  idsOf(type: string): string[] {
    return Object.entries(this.template.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
  }

  /**
   * A resource's properties with resolved references.
   * @throws if a reference is to a resource that is not deployed yet, or uses an unsupported function.
   */
  propertiesOf(id: string): object {
    return this.resolve(this.template.Resources[id]?.Properties ?? {}) as object;
  }

  /**
   * The value of `Ref` for a resource.
   * @throws if it is not deployed.
   */
  nameOf(id: string): string {
    return this.find(id).ref;
  }

  metadataOf(id: string, name: string): unknown {
    return this.template.Resources[id]?.Metadata?.[name];
  }

  /**
   * The value of `Ref` for the resource with this ARN.
   * @throws if no such resource is deployed.
   */
  refOf(arn: string): string {
    const found = [...this.deployed.values()].find((resource) => resource.arn === arn);
    if (found === undefined) throw new Error(`${arn} is not deployed locally`);
    return found.ref;
  }

  register(id: string, resource: LocalResource): void {
    this.deployed.set(id, resource);
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value) as [string, unknown][];
    const [name, argument] = entries.length === 1 && entries[0] !== undefined ? entries[0] : [''];
    if (name === 'Ref' && typeof argument === 'string') return this.reference(argument);
    if (name === 'Fn::GetAtt') return this.attribute(argument as [string, string]);
    if (name === 'Fn::Join') {
      const [separator, parts] = this.resolve(argument) as [string, string[]];
      return parts.join(separator);
    }
    if (name === 'Fn::Sub' && typeof argument === 'string') {
      return argument.replaceAll(/\$\{([^}]*)\}/g, (_, id: string) => this.reference(id));
    }
    if (name.startsWith('Fn::')) throw new Error(`This use of ${name} is not supported locally`);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]));
  }

  private reference(id: string): string {
    return pseudoParameters[id] ?? this.find(id).ref;
  }

  private attribute([id, name]: readonly [string, string]): string {
    const { arn, queueName } = this.find(id);
    const value = name === 'Arn' ? arn : name === 'QueueName' ? queueName : undefined;
    if (value === undefined) throw new Error(`${id} has no attribute ${name} locally`);
    return value;
  }

  private find(id: string): LocalResource {
    const found = this.deployed.get(id);
    if (found === undefined) throw new Error(`${id} is not deployed locally`);
    return found;
  }
}
