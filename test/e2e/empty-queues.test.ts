import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { expectEmptyQueues } from '../../e2e/empty-queues';
import { CheckError } from '../../e2e/steps';
import { type LocalSqs, startSqs } from 'local-aws/sqs/server';

describe('empty queues', () => {
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

  it('pass', async () => {
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).resolves.toBeUndefined();
  });

  it('may become so while they are watched', async () => {
    await send('second');
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrls['second'] }));
    const watched = expectEmptyQueues(sqs, queueUrls);
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: queueUrls['second'], ReceiptHandle: Messages[0]?.ReceiptHandle }),
    );
    await expect(watched).resolves.toBeUndefined();
  });

  it('are told from one with a message that waits', async () => {
    await send('second');
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).rejects.toThrow(new CheckError('second is not empty (1)'));
  });

  it('are told from one with a message in flight or delayed', async () => {
    await send('first');
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrls['first'] }));
    await send('first', 60);
    await expect(expectEmptyQueues(sqs, queueUrls, 0)).rejects.toThrow(new CheckError('first is not empty (2)'));
  });
});
