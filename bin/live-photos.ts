import { App, type AppProps } from 'aws-cdk-lib';
import { LivePhotosStack } from '../lib/live-photos-stack';
import { bundleFunction } from './bundle-function';

/** Bundles the function and makes the CDK app with its one stack. */
export function createApp(props?: AppProps): App {
  bundleFunction();
  const app = new App(props);
  new LivePhotosStack(app, 'LivePhotos');
  return app;
}

if (require.main === module) createApp();
