import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zipBytes } from '../../bench/zip-size';
import { bundleFunction } from '../../build/bundle-function';
import { EventStreamSerde, resolveEventStreamSerdeConfig } from '../../build/sdk-stand-ins/event-streams';
import { functionBundle } from '../../lib/function-code';
import { durationVariables, environmentNames } from '../../contract/environment';
import { s3Body, sqsEvent, sqsRecord } from '../lambda/events';
import { type ScriptedServer, startScriptedServer } from '../lambda/scripted-server';

const folder = join(__dirname, '..', '..', functionBundle);
/**
 * Loads the bundle as Lambda does, says how many files and which of Node's modules that took, and which of V8's flags it set; then
 * hands it one photo's event.
 */
const program = `
  const v8 = require('node:v8');
  const { setFlagsFromString } = v8;
  const flags = [];
  v8.setFlagsFromString = (flag) => {
    flags.push(flag);
    setFlagsFromString(flag);
  };
  const before = new Set(process.moduleLoadList);
  const { handler } = require(${JSON.stringify(join(folder, 'index.js'))});
  const nodeModules = process.moduleLoadList.filter((name) => !before.has(name) && name.startsWith('NativeModule '));
  console.log(JSON.stringify({ openedFiles: Object.keys(require.cache).length, nodeModules, flags }));
  const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 60000 };
  handler(${JSON.stringify(sqsEvent(sqsRecord('m1', s3Body())))}, context).then((answer) => console.log(JSON.stringify(answer)));
`;

describe('the function’s bundle', () => {
  let aws: ScriptedServer;
  let lines: (credentials: Record<string, string>) => Promise<string[]>;

  beforeAll(async () => {
    bundleFunction();
    aws = await startScriptedServer();
    aws.replyWith({ status: 403 });
    lines = async (credentials) => {
      aws.requests.length = 0;
      const env = {
        ...credentials,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: aws.url,
        AWS_LAMBDA_FUNCTION_NAME: 'upload',
        ...durationVariables,
        [environmentNames.apiKeySecretId]: 'api-key',
        [environmentNames.claimsBucket]: 'claims',
        [environmentNames.complyCubeBaseUrl]: aws.url,
        [environmentNames.deadLetterQueueUrl]: `${aws.url}/dead-letters`,
        [environmentNames.eventBusName]: 'default',
        [environmentNames.photoBucket]: 'photos',
        [environmentNames.requestsPerSecond]: '5',
        [environmentNames.uploadQueueUrl]: `${aws.url}/uploads`,
      };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program], { env });
      // What V8 says of a flag that it does not know.
      expect(stderr).not.toContain('unrecognized flag');
      return stdout.trim().split('\n');
    };
  });
  afterAll(() => aws.close());

  it('is one file and its kind of modules, in a zip of at most 400 KB', () => {
    expect(readdirSync(folder)).toEqual(['index.js', 'package.json']);
    expect(zipBytes([join(folder, 'index.js'), join(folder, 'package.json')])).toBeLessThanOrEqual(400_000);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"type":"commonjs"}\n');
  });

  it('loads no other file, and none of what the SDK and middy would load for nothing', async () => {
    const [loaded = ''] = await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    const { openedFiles, nodeModules } = JSON.parse(loaded) as { openedFiles: number; nodeModules: string[] };
    expect(openedFiles).toBe(1);
    expect(nodeModules).toContain('NativeModule https');
    expect(nodeModules.filter((name) => /webstreams|webcrypto|undici|http2|fs\/promises/.test(name))).toEqual([]);
  });

  it('has V8 mark its heap in one go', async () => {
    const [loaded = ''] = await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    expect(JSON.parse(loaded)).toMatchObject({
      flags: expect.arrayContaining(['--no-incremental-marking']) as unknown,
    });
  });

  it('signs its calls with the credentials in the environment', async () => {
    const credentials = {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    };
    const answered = await lines(credentials);
    expect(answered.at(-1)).toBe('{"batchItemFailures":[{"itemIdentifier":"m1"}]}');
    expect(aws.requests.length).toBeGreaterThan(0);
    for (const { headers } of aws.requests) {
      expect(headers.authorization).toContain('Credential=AKIDEXAMPLE/');
      expect(headers['x-amz-security-token']).toBe('session');
    }
  });

  it('reads the API key at its start, before a photo needs it', async () => {
    await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    // S3 refused the photo: nothing else asked for the key.
    expect(aws.requests.map(({ headers }) => headers['x-amz-target'])).toContain('secretsmanager.GetSecretValue');
  });

  it('says what is missing when the environment has no credentials, and keeps the message', async () => {
    const [, ...others] = await lines({});
    expect(others.join()).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
    expect(others.at(-1)).toBe('{"batchItemFailures":[{"itemIdentifier":"m1"}]}');
    expect(aws.requests).toHaveLength(0);
  });
});

describe('what stands in for event streams', () => {
  it('leaves a client’s configuration as it is', () => {
    const configuration = { region: 'us-east-1' };
    expect(resolveEventStreamSerdeConfig(configuration)).toBe(configuration);
  });

  it('says why a call with an event stream can’t work', () => {
    expect(() => new (EventStreamSerde as unknown as new () => object)()).toThrow('no event streams');
  });
});
