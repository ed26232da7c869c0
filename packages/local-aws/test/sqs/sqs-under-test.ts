import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { startSqs, type LocalSqs, type LocalSqsOptions } from '../../src/sqs/server';

/** A local SQS with a real client. */
export interface SqsUnderTest {
  readonly sqs: LocalSqs;
  readonly client: SQSClient;
  close(): Promise<void>;
}

/** Starts a local SQS and a client that never retries. */
export async function startSqsUnderTest(options: LocalSqsOptions = {}): Promise<SqsUnderTest> {
  const sqs = await startSqs(options);
  const client = new SQSClient({
    endpoint: sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    sqs,
    client,
    async close() {
      client.destroy();
      await sqs.close();
    },
  };
}

/** The one message of an answer. */
export function onlyMessage({ Messages = [] }: { readonly Messages?: Message[] | undefined }): Message {
  const [message] = Messages;
  if (message === undefined || Messages.length !== 1) throw new Error(`Expected one message, not ${Messages.length}`);
  return message;
}
