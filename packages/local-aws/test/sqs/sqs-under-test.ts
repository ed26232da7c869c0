import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach } from '@jest/globals';
import { startSqs, type LocalSqs, type LocalSqsOptions } from '../../src/sqs/server';

/** Starts a local SQS before each test of a file. @returns the current test's server and a client without retries. */
export function useSqs(options: LocalSqsOptions = {}): { readonly sqs: LocalSqs; readonly client: SQSClient } {
  const test = {} as { sqs: LocalSqs; client: SQSClient };
  beforeEach(async () => {
    test.sqs = await startSqs(options);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    test.client = new SQSClient({ endpoint: test.sqs.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  afterEach(async () => {
    test.client.destroy();
    await test.sqs.close();
  });
  return test;
}

/** The only message of a response. */
export function onlyMessage({ Messages = [] }: { readonly Messages?: Message[] | undefined }): Message {
  const [message] = Messages;
  if (message === undefined || Messages.length !== 1) throw new Error(`Expected one message, not ${Messages.length}`);
  return message;
}
