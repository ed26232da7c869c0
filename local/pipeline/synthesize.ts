import type { App, AppProps } from 'aws-cdk-lib';
import { ASSET_RESOURCE_METADATA_ENABLED_CONTEXT } from 'aws-cdk-lib/cx-api';
import { createApp } from '../../bin/live-photos';
import cdkConfiguration from '../../cdk.json';
import type { Template } from './template';

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly template: Template;
  /** The folder that contains the stack's assets, such as the function's bundle. */
  readonly assemblyFolder: string;
}

/**
 * Synthesizes the stack with the same configuration as `cdk deploy`.
 * @param outdir the output folder.
 * @param settings the stack's settings, as in `cdk deploy -c name=value`.
 * @param makeApp makes an app with one stack. Default: the app that `cdk deploy` uses.
 */
export function synthesize(
  outdir: string,
  settings: Readonly<Record<string, string>> = {},
  makeApp: (props: AppProps) => App = createApp,
): SynthesizedStack {
  // Like the CDK's command line: with it, the template's metadata contains the path of each asset.
  const context = { ...cdkConfiguration.context, ...settings, [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: true };
  const assembly = makeApp({ outdir, context, analyticsReporting: false }).synth();
  const [stack] = assembly.stacks;
  if (stack === undefined) throw new Error('The app has no stack');
  return { template: stack.template as Template, assemblyFolder: assembly.directory };
}
