import { App } from 'aws-cdk-lib';
import { backEndCode } from './back-end-code';
import { SelfieAppStack } from './selfie-app-stack';

const code = backEndCode(require.resolve('complycube-live-photos/browser'));
new SelfieAppStack(new App(), 'SelfieApp', { code });
