import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { expectEmptyQueues } from '../../e2e/empty-queues';
import { CheckError } from '../../e2e/steps';
import { type LocalSqs, startSqs } from 'local-aws/sqs/server';

describe('queues', () => {
  let server: LocalSqs;
  let sqs: SQSClient;
  let queueUrls: Record<string, string>;
  beforeEach(async () => {
    server = await startSqs();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
    queueUrls = { first: server.createQueue('first').url, second: server.createQueue('second').url };
  });
  afterEach(async () => {
    sqs.destroy();
    await server.close();
  });

  const send = (name: string, delaySeconds = 0) =>
    sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrls[name], MessageBody: 'a message', DelaySeconds: delaySeconds }),
    );

  it('pass the check', async () => {
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).resolves.toBeUndefined();
  });

  it('may become empty while the check waits', async () => {
    await send('second');
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrls['second'] }));
    const checked = expectEmptyQueues(sqs, queueUrls);
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: queueUrls['second'], ReceiptHandle: Messages[0]?.ReceiptHandle }),
    );
    await expect(checked).resolves.toBeUndefined();
  });

  it('fail the check with a visible message', async () => {
    await send('second');
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).rejects.toThrow(new CheckError('second is not empty (1)'));
  });

  it('fail the check with messages in flight or delayed', async () => {
    await send('first');
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrls['first'] }));
    await send('first', 60);
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).rejects.toThrow(new CheckError('first is not empty (2)'));
  });
});
