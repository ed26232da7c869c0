import { bootstrap, type CdkOptions, CdkError, deploy, type Deployment, destroy } from './cdk';
import { emulatorApp, type EmulatorDifferences, variablesOf } from './emulator-app';

/** The stack that a run deploys: on AWS as it is, on an emulator with what differs there. */
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

  /** Types of resources that the emulator turned out not to have; known once the stack is deployed. */
  get typesLeftOut(): readonly string[] {
    return this.differences?.typesLeftOut ?? [];
  }

  /** Prepares the account and region for the CDK. */
  async bootstrap(): Promise<void> {
    await bootstrap(this.options);
  }

  /** Deploys; on an emulator once more, without the types of resources that it says it does not have. */
  async deploy(): Promise<Deployment> {
    try {
      return await deploy(this.options);
    } catch (error) {
      const typesLeftOut = error instanceof CdkError ? findUnknownTypes(error.output) : [];
      if (this.differences === undefined || this.typesLeftOut.length > 0 || typesLeftOut.length === 0) throw error;
      this.differences = { ...this.differences, typesLeftOut };
      return deploy(this.options);
    }
  }

  /** Destroys the stack; buckets that it keeps stay. */
  async destroy(): Promise<void> {
    await destroy(this.options);
  }

  private get options(): CdkOptions {
    if (this.differences === undefined) return this.asOnAws;
    const variables = { ...this.asOnAws.variables, ...variablesOf(this.differences) };
    return { ...this.asOnAws, app: emulatorApp, variables };
  }
}

/** Reads the types of resources that there are not out of CloudFormation's error. */
export function findUnknownTypes(output: string): string[] {
  const list = /Unrecognized resource types: \[([^\]]*)\]/.exec(output)?.[1] ?? '';
  return list.split(',').flatMap((type) => (type.trim() === '' ? [] : [type.trim()]));
}
