import { bootstrap, type CdkOptions, CdkError, deploy, type Deployment, destroy } from './cdk';
import { emulatorApp, type EmulatorDifferences, variablesOf } from './emulator-app';

/** The stack that a run deploys. On an emulator it differs from the stack on AWS. */
export class StackUnderTest {
  /** @param differences undefined on AWS. */
  constructor(
    private readonly asOnAws: CdkOptions,
    private differences: EmulatorDifferences | undefined,
  ) {}

  /** The stack's name. */
  get name(): string {
    return this.asOnAws.stackName;
  }

  /** Resource types that the emulator does not support; known after {@link deploy}. */
  get unsupportedTypes(): readonly string[] {
    return this.differences?.unsupportedTypes ?? [];
  }

  /** Bootstraps the CDK in the account and region. */
  async bootstrap(): Promise<void> {
    await bootstrap(this.options);
  }

  /** Deploys. On an emulator it deploys again without the resource types that the emulator reports as unknown. */
  async deploy(): Promise<Deployment> {
    try {
      return await deploy(this.options);
    } catch (error) {
      const unsupportedTypes = error instanceof CdkError ? findUnknownTypes(error.output) : [];
      if (this.differences === undefined || this.unsupportedTypes.length > 0 || unsupportedTypes.length === 0)
        throw error;
      this.differences = { ...this.differences, unsupportedTypes };
      return deploy(this.options);
    }
  }

  /** Destroys the stack. Its buckets are retained. */
  async destroy(): Promise<void> {
    await destroy(this.options);
  }

  private get options(): CdkOptions {
    if (this.differences === undefined) return this.asOnAws;
    const variables = { ...this.asOnAws.variables, ...variablesOf(this.differences) };
    return { ...this.asOnAws, app: emulatorApp, variables };
  }
}

/** Extracts the unknown resource types from CloudFormation's error. */
export function findUnknownTypes(output: string): string[] {
  const list = /Unrecognized resource types: \[([^\]]*)\]/.exec(output)?.[1] ?? '';
  return list.split(',').flatMap((type) => (type.trim() === '' ? [] : [type.trim()]));
}
