import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CdkError, type CdkOptions, runCdk } from './cdk';
import { emulatorApp, type EmulatorDifferences, variablesOf } from './emulator-app';

/** The result of a deployment. */
export interface Deployment {
  /** The stack's outputs, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly isChanged: boolean;
}

/** The stack that a run deploys. On an emulator it differs from the stack on AWS. */
export class StackUnderTest {
  /** @param differences undefined on AWS. */
  constructor(
    private asOnAws: CdkOptions,
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

  /** Adds settings for the next deployments. */
  addSettings(settings: CdkOptions['settings']): void {
    this.asOnAws = { ...this.asOnAws, settings: { ...this.asOnAws.settings, ...settings } };
  }

  /** Bootstraps the CDK in the account and region. */
  async bootstrap(): Promise<void> {
    await runCdk(['bootstrap'], this.options);
  }

  /** Deploys. On an emulator it deploys again without the resource types that the emulator reports as unknown. */
  async deploy(): Promise<Deployment> {
    try {
      return await this.deployOnce();
    } catch (error) {
      const unsupportedTypes = error instanceof CdkError ? findUnknownTypes(error.output) : [];
      if (this.differences === undefined || this.unsupportedTypes.length > 0 || unsupportedTypes.length === 0)
        throw error;
      this.differences = { ...this.differences, unsupportedTypes };
      return this.deployOnce();
    }
  }

  /** Destroys the stack. Its buckets are retained. */
  async destroy(): Promise<void> {
    await runCdk(['destroy', '--force'], this.options);
  }

  private async deployOnce(): Promise<Deployment> {
    const outputsFile = join(this.asOnAws.folder, 'outputs.json');
    const command = ['deploy', '--require-approval', 'never', '--outputs-file', outputsFile];
    const output = await runCdk(command, this.options);
    const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>;
    return { outputs: outputs[this.name] ?? {}, isChanged: !output.includes('(no changes)') };
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
