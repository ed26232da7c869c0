import { GetBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { App, type AppProps } from 'aws-cdk-lib';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../../build/bundle-function';
import { environmentNames } from '../../../contract/environment';
import { deployLocally, type LocalDeployment, type LocalServers } from '../../../local/pipeline/deploy';
import { startS3 } from 'local-aws/s3/server';
import { startSecretsManager } from 'local-aws/secrets-manager/server';
import { startSqs } from 'local-aws/sqs/server';
import { synthesize, type SynthesizedStack } from '../../../local/pipeline/synthesize';
import type { TemplateResource } from '../../../local/pipeline/template';
import { LivePhotosStack } from '../../../lib/live-photos-stack';
import { until } from '../../until';

const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const page = 'https://app.example.com';

describe('a local deployment', () => {
  let outdir: string;
  let stack: SynthesizedStack;
  let servers: LocalServers;
  let sent: string[];

  beforeAll(() => {
    outdir = mkdtempSync(join(tmpdir(), 'deploy-test-'));
    stack = synthesize(outdir, {}, makeAppWithPrefix);
  });
  beforeEach(async () => {
    sent = [];
    const sqs = await startSqs();
    const s3 = await startS3({
      sendToQueue: (queueArn, body) => {
        sent.push(body);
        sqs.send(queueArn, body);
        return Promise.resolve();
      },
    });
    servers = { s3, sqs, secretsManager: await startSecretsManager() };
  });
  afterEach(() => Promise.all(Object.values(servers).map((server: LocalServers['sqs']) => server.close())));
  afterAll(() => rmSync(outdir, { recursive: true }));

  /** The template’s first resource of a type. */
  const resourceOf = (type: string): Required<TemplateResource> => {
    const found = Object.values(stack.template.Resources).find(({ Type }) => Type === type);
    if (found === undefined) throw new Error(`No ${type}`);
    return { Properties: {}, Metadata: {}, ...found };
  };
  /** The stack with changed properties of all resources of a type. `undefined` removes a property. */
  const changed = (type: string, changes: Record<string, unknown>): SynthesizedStack => ({
    ...stack,
    template: {
      Resources: Object.fromEntries(
        Object.entries(stack.template.Resources).map(([id, resource]) => {
          if (resource.Type !== type) return [id, resource];
          const properties = Object.entries({ ...resource.Properties, ...changes });
          return [
            id,
            { ...resource, Properties: Object.fromEntries(properties.filter(([, value]) => value !== undefined)) },
          ];
        }),
      ),
    },
  });

  describe('of the stack', () => {
    let deployment: LocalDeployment;
    beforeEach(async () => {
      deployment = await deployLocally(stack, servers);
    });

    it('sets the queues’ attributes from the template', async () => {
      const sqs = new SQSClient({ ...client, endpoint: servers.sqs.url });
      const command = new GetQueueAttributesCommand({ QueueUrl: deployment.queueUrl, AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(command);
      sqs.destroy();
      const upload = Object.values(stack.template.Resources).find(({ Properties }) => Properties?.['RedrivePolicy']);
      const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = upload?.Properties as Record<
        string,
        unknown
      >;
      expect(Attributes).toMatchObject({
        QueueArn: deployment.eventSource.queueArn,
        VisibilityTimeout: String(VisibilityTimeout),
        MessageRetentionPeriod: String(MessageRetentionPeriod),
      });
      expect(JSON.parse(Attributes['RedrivePolicy'] ?? '')).toEqual({
        deadLetterTargetArn: deployment.deadLetterQueueArn,
        maxReceiveCount: (RedrivePolicy as { maxReceiveCount: number }).maxReceiveCount,
      });
      expect(servers.sqs.depth(deployment.deadLetterQueueArn)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    });

    it('enables versioning, and sends events only for keys with the prefix', async () => {
      const s3 = new S3Client({ ...client, endpoint: servers.s3.url, forcePathStyle: true });
      const Bucket = deployment.photoBucket;
      const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      for (const Key of ['out/a.jpg', 'in/a.jpg', 'a/in/a.jpg']) {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'photo' }));
      }
      s3.destroy();
      expect(Status).toBe('Enabled');
      await until(() => sent.length === 2);
      expect(sent[0]).toContain('s3:TestEvent');
      expect(sent[1]).toContain('"key":"in/a.jpg"');
      expect(servers.sqs.depth(deployment.eventSource.queueArn).ready).toBe(2);
    });

    it('allows uploads only from the origins of the template', async () => {
      const allowed = async (origin: string): Promise<string | null> => {
        const headers = { origin, 'access-control-request-method': 'POST' };
        const answer = await fetch(`${servers.s3.url}/${deployment.photoBucket}`, { method: 'OPTIONS', headers });
        return answer.headers.get('access-control-allow-origin');
      };
      expect(await allowed(page)).toBe(page);
      expect(await allowed('https://attacker.example')).toBeNull();
    });

    it('configures the function and its event source from the template', () => {
      const { Handler, MemorySize, Timeout } = resourceOf('AWS::Lambda::Function').Properties;
      const mapping = resourceOf('AWS::Lambda::EventSourceMapping').Properties;
      const { codeFolder, variables } = deployment.function;
      expect(deployment.function).toMatchObject({
        handler: Handler,
        memoryMb: MemorySize,
        timeoutMs: Number(Timeout) * 1000,
      });
      expect(existsSync(join(codeFolder, 'index.js'))).toBe(true);
      expect(codeFolder.startsWith(outdir)).toBe(true);
      expect(variables).toMatchObject({
        [environmentNames.apiKeySecretId]: expect.stringMatching(/^arn:aws:secretsmanager:/),
        [environmentNames.complyCubeBaseUrl]: 'https://api.complycube.com/v1',
        [environmentNames.uploadQueueUrl]: deployment.queueUrl,
      });
      expect(deployment.eventSource).toEqual({
        queueArn: expect.stringMatching(/^arn:aws:sqs:/),
        batchSize: mapping['BatchSize'],
        maxConcurrency: (mapping['ScalingConfig'] as { MaximumConcurrency: number }).MaximumConcurrency,
      });
    });
  });

  it('refuses an unsupported resource type', async () => {
    const Resources = { ...stack.template.Resources, Topic: { Type: 'AWS::SNS::Topic' } };
    await expect(deployLocally({ ...stack, template: { Resources } }, servers)).rejects.toThrow(
      'AWS::SNS::Topic is not supported locally',
    );
  });

  it.each([
    ['AWS::Lambda::EventSourceMapping', { FilterCriteria: { Filters: [] } }, 'FilterCriteria'],
    ['AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: 5 }, 'MaximumBatchingWindowInSeconds'],
    ['AWS::Lambda::EventSourceMapping', { FunctionResponseTypes: undefined }, 'ReportBatchItemFailures'],
    ['AWS::Lambda::EventSourceMapping', { FunctionResponseTypes: [] }, 'ReportBatchItemFailures'],
    ['AWS::Lambda::EventSourceMapping', { ScalingConfig: undefined }, 'MaximumConcurrency'],
    ['AWS::Lambda::EventSourceMapping', { EventSourceArn: 'arn:aws:sqs:x:y:z' }, 'arn:aws:sqs:x:y:z'],
    ['AWS::Lambda::Function', { Layers: [] }, 'Layers'],
    ['AWS::Lambda::Function', { ReservedConcurrentExecutions: 2 }, 'ReservedConcurrentExecutions'],
    ['AWS::SQS::Queue', { KmsMasterKeyId: 'alias/aws/sqs' }, 'KmsMasterKeyId'],
    ['AWS::SQS::Queue', { FifoQueue: true }, 'FifoQueue'],
    ['AWS::SQS::Queue', { RedrivePolicy: undefined }, 'no dead-letter queue'],
    ['AWS::S3::Bucket', { ReplicationConfiguration: {} }, 'ReplicationConfiguration'],
    ['AWS::S3::Bucket', { CorsConfiguration: { CorsRules: [{ AllowedCookies: [] }] } }, 'AllowedCookies'],
    ['AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: {} } }, 'EventBridgeConfiguration'],
    ['AWS::S3::Bucket', { NotificationConfiguration: undefined }, 'no bucket that sends events'],
    ['AWS::SecretsManager::Secret', { GenerateSecretString: {} }, 'GenerateSecretString'],
  ])('refuses %s with %j, and names the unsupported property', async (type, changes, name) => {
    await expect(deployLocally(changed(type, changes), servers)).rejects.toThrow(name);
  });
});

function makeAppWithPrefix(props: AppProps): App {
  bundleFunction();
  const app = new App(props);
  new LivePhotosStack(app, 'X', { keyPrefix: 'in/', uploadOrigins: [page] });
  return app;
}
