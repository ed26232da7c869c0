import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LivePhotosStack } from '../lib/live-photos-stack';
import { ConfigurationError } from '../lib/validate-props';
import { bundleFunction } from '../build/bundle-function';
import { readSettings } from './settings';

/**
 * Bundles the function and creates the CDK app with its stack and the checks that run at synth.
 * @throws ConfigurationError if a setting is wrong.
 */
export function createApp(props?: AppProps): App {
  bundleFunction();
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new LivePhotosStack(app, 'LivePhotos', readSettings(app.node.getAllContext() as Record<string, unknown>));
  return app;
}

if (require.main === module) {
  try {
    createApp();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
