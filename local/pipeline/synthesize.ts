import type { App, AppProps } from 'aws-cdk-lib';
import { ASSET_RESOURCE_METADATA_ENABLED_CONTEXT } from 'aws-cdk-lib/cx-api';
import { join } from 'node:path';
import { createApp } from '../../bin/live-photos';
import cdkConfiguration from '../../cdk.json';
import type { Template } from './template';

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly template: Template;
  /** Where the stack's assets are, the function's bundle among them. */
  readonly assemblyFolder: string;
}

/**
 * Synthesizes the stack as `cdk deploy` would, with the same configuration.
 * @param outdir where to; left out: below `dist`, where another synthesis may replace it.
 * @param makeApp makes the app, with one stack; left out: the one that `cdk deploy` makes.
 * @param settings of the stack, as `cdk deploy -c name=value` takes them.
 */
export function synthesize(
  outdir = join(__dirname, '..', '..', 'dist', 'local', 'cdk.out'),
  makeApp: (props: AppProps) => App = createApp,
  settings: Readonly<Record<string, string>> = {},
): SynthesizedStack {
  // As the CDK's command line does: the template then says where each asset is.
  const context = { ...cdkConfiguration.context, ...settings, [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: true };
  const assembly = makeApp({ outdir, context, analyticsReporting: false }).synth();
  const [stack] = assembly.stacks;
  if (stack === undefined) throw new Error('The app has no stack');
  return { template: stack.template as Template, assemblyFolder: assembly.directory };
}
