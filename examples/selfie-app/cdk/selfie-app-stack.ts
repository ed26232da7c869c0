import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Architecture, type Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { LivePhotoUploader } from 'complycube-live-photos';
import type { Construct } from 'constructs';

/** The uploader, and beside it the back end that serves the page and grants uploads. */
export class SelfieAppStack extends Stack {
  constructor(scope: Construct, id: string, { code, ...props }: StackProps & { readonly code: Code }) {
    super(scope, id, props);
    const api = new HttpApi(this, 'Api', { description: 'Serves the page of the selfie app, and grants uploads' });
    const uploader = new LivePhotoUploader(this, 'LivePhotos', {
      keyPrefix: 'selfies/',
      // The page's origin. CORS needs it, because the page posts the photo to S3.
      uploadOrigins: [api.apiEndpoint],
    });

    const sessionKey = new Secret(this, 'SessionKey', {
      description: 'Signs the sessions of the selfie app',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    const backEnd = new Function(this, 'BackEnd', {
      description: 'Serves the page of the selfie app, and grants uploads',
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      // Longer than the wait for an outcome. API Gateway ends a request after 30 seconds.
      timeout: Duration.seconds(29),
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(this, 'Logs', {
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: { SESSION_KEY_SECRET_ID: sessionKey.secretArn },
    });
    sessionKey.grantRead(backEnd);
    uploader.grantUpload(backEnd);
    uploader.grantReadOutcomes(backEnd);
    uploader.addUploadEnvironment(backEnd);
    // The back end refuses everyone without a session: see session.ts.
    api.addRoutes({ path: '/{proxy+}', integration: new HttpLambdaIntegration('BackEndRoute', backEnd) });
    api.addRoutes({ path: '/', integration: new HttpLambdaIntegration('PageRoute', backEnd) });

    new CfnOutput(this, 'AppUrl', { value: api.apiEndpoint });
    new CfnOutput(this, 'SessionKeySecretId', { value: sessionKey.secretArn });
    // The command line finds the uploader by them: `npx live-photos doctor --stack SelfieApp`.
    uploader.addOutputs();
  }
}
