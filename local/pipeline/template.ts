/** A CloudFormation template, as far as a local deployment reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** One resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** What stands locally for a resource: what `Ref` and `Fn::GetAtt` give for it. */
export interface StandIn {
  readonly ref: string;
  readonly arn?: string;
  /** What `Fn::GetAtt` gives as a queue's name. */
  readonly queueName?: string;
}

/** The account and region that everything local is in. */
export const localAccount = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' } as const;

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': localAccount.accountId,
  'AWS::Region': localAccount.region,
  'AWS::Partition': localAccount.partition,
};

/** A template whose resources come to stand one after another, each resolved against those before it. */
export class DeployableTemplate {
  private readonly standing = new Map<string, StandIn>();

  constructor(private readonly template: Template) {}

  /** The types of all resources. */
  get types(): ReadonlySet<string> {
    return new Set(Object.values(this.template.Resources).map(({ Type }) => Type));
  }

  /** The logical IDs of a type's resources, as the template lists them. */
  idsOf(type: string): string[] {
    return Object.entries(this.template.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
  }

  /**
   * A resource's properties, its references resolved.
   * @throws when it refers to a resource that does not stand yet, or in a way that is not known here.
   */
  propertiesOf(id: string): unknown {
    return this.resolve(this.template.Resources[id]?.Properties ?? {});
  }

  /**
   * What `Ref` gives for a resource.
   * @throws when it does not stand.
   */
  nameOf(id: string): string {
    return this.find(id).ref;
  }

  /** A value of a resource's metadata. */
  metadataOf(id: string, name: string): unknown {
    return this.template.Resources[id]?.Metadata?.[name];
  }

  /**
   * What `Ref` gives for the resource with an ARN.
   * @throws when no resource that stands has it.
   */
  refOf(arn: string): string {
    const found = [...this.standing.values()].find((standIn) => standIn.arn === arn);
    if (found === undefined) throw new Error(`${arn} does not stand locally`);
    return found.ref;
  }

  /** Notes what stands for a resource. */
  stand(id: string, standIn: StandIn): void {
    this.standing.set(id, standIn);
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
    if (name.startsWith('Fn::')) throw new Error(`Local deployments do not know ${name} as it is used here`);
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

  private find(id: string): StandIn {
    const found = this.standing.get(id);
    if (found === undefined) throw new Error(`${id} does not stand locally`);
    return found;
  }
}
