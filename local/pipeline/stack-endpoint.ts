import type { StackDescription } from '../../cli/stack/stack-access';
import { environmentNames } from '../../contract/environment';
import { startLambdaApi } from 'local-aws/lambda/api-server';
import type { LastErrors } from './last-errors';
import { listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';
import { localCredentials, type LocalPipeline } from './pipeline';
import { localAccount } from './template';

/**
 * The endpoint for the command line's `--local` option. `/` returns the stack's description. `/errors?messageId=…` returns why
 * messages were last retried, in place of CloudWatch Logs. Also starts Lambda's API for the function.
 */
export async function startStackEndpoint(pipeline: LocalPipeline, lastErrors: LastErrors): Promise<LoopbackServer> {
  const lambda = await startLambdaApi({
    function: pipeline.function,
    eventSource: pipeline.deployment.eventSource,
    mapping: pipeline.eventSource,
    invoke: pipeline.invoke,
  });
  const description = describe(pipeline, lambda.url);
  const server = await listenOnLoopback((request, response) => {
    const [pathname = '', query] = (request.url ?? '').split('?', 2);
    const searchParams = new URLSearchParams(query);
    const answers: Record<string, () => unknown> = {
      'GET /': () => description,
      'GET /errors': () => lastErrors.of(searchParams.getAll('messageId')),
    };
    const answer = answers[`${request.method ?? ''} ${pathname}`];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer === undefined ? { error: 'Only / and /errors exist' } : answer()));
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await lambda.close();
    },
  };
}

function describe(
  { s3, sqs, secretsManager, deployment, function: fn }: LocalPipeline,
  lambdaUrl: string,
): StackDescription {
  return {
    name: 'the local stack',
    region: localAccount.region,
    credentials: localCredentials,
    outputs: {
      PhotoBucketName: deployment.photoBucket,
      ApiKeySecretId: fn.variables[environmentNames.apiKeySecretId] ?? '',
      UploadQueueUrl: deployment.queueUrl,
      // A queue's URL ends with its name.
      DeadLetterQueueUrl: deployment.queueUrl.replace(/[^/]*$/, deployment.deadLetterQueueArn.split(':').at(-1) ?? ''),
      FunctionName: fn.name,
    },
    endpoints: { s3: s3.url, sqs: sqs.url, secretsManager: secretsManager.url, lambda: lambdaUrl },
  };
}
