import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadLetterReasonAttribute, type ErasureReasonCode } from '../../../contract/dead-letter-reasons';
import { clientErasureMessage } from '../../../contract/client-erasure-message';
import { erasureMessage } from '../../../contract/erasure-message';
import { PipelineUnderTest } from '../pipeline-under-test';

const redrive = ['redrive', 'dead-letters'];
const json = (lines: readonly string[]): unknown => JSON.parse(lines.join('\n'));

describe('redrive dead-letters, of erasures that the function refused at once', () => {
  let world: PipelineUnderTest;
  beforeAll(async () => {
    world = await PipelineUnderTest.start({ operatorRoleArns: 'arn:aws:iam::123456789012:role/on-call' });
  });
  afterAll(() => world.stop());

  it('sends those of a stack without operators only if --reason names them, and then the photo is erased', async () => {
    await deadLetterErasure('unnamed.jpg', 'operators-not-named');
    const all = await world.run([...redrive, '--yes', '--json']);
    expect(json(all.out)).toMatchObject({ reasons: { 'operators-not-named': { messages: 1, selected: 0 } } });
    expect(await world.tagsOf('unnamed.jpg')).toMatchObject({ 'complycube-status': 'uploaded' });

    const named = await world.run([...redrive, '--reason', 'operators-not-named', '--yes', '--json']);
    expect(json(named.out)).toMatchObject({ reasons: { 'operators-not-named': { messages: 1, selected: 1 } } });
    await world.ended('unnamed.jpg', 'erased');
    expect(world.deadLetters).toBe(0);
  });

  it.each([
    ['sender-not-operator', 'sender-not-operator'],
    ['version-mismatch', 'erasure-impossible'],
  ] as const)('never sends one with %s, shows it with its reason, and deletes it if told to', async (code, reason) => {
    const messageId = await deadLetterErasure(`${code}.jpg`, code);
    const refused = await world.run([...redrive, '--reason', reason, '--yes']);
    expect(refused).toMatchObject({ status: 2, err: [expect.stringContaining(`--reason is ${reason}: choose from`)] });
    const dry = await world.run([...redrive, '--dry-run']);
    expect(dry.out.join('\n')).toContain(`${reason}: 1 message, 0 to send\n`);
    expect(dry.out.join('\n')).not.toContain('not-an-event');
    const { out } = await world.run([...redrive, '--show', '--json']);
    expect(out.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ messageId, reasonCode: code }]);
    await world.run([...redrive, '--delete', messageId, '--yes']);
    expect(world.deadLetters).toBe(0);
    expect(await world.tagsOf(`${code}.jpg`)).toMatchObject({ 'complycube-status': 'uploaded' });
  });

  it('prints the client of an erasure only with --show-client-id', async () => {
    const clientId = 'client-of-the-erasure';
    const erasure = clientErasureMessage({ clientId, requestId: 'request-1', requestedAt: '2026-11-23T10:00:00.000Z' });
    const bodies = [
      erasure,
      erasure.slice(0, -1), // damaged
      JSON.stringify({ Message: erasure }), // JSON in JSON
      JSON.stringify({ Message: JSON.stringify({ Message: erasure }) }),
      JSON.stringify({ detail: { clientId } }, undefined, 2),
    ];
    for (const MessageBody of bodies) {
      const MessageAttributes = {
        [deadLetterReasonAttribute]: { DataType: 'String', StringValue: 'erasure-unsupported' },
      };
      await world.sqs.send(
        new SendMessageCommand({ QueueUrl: world.deadLetterQueueUrl, MessageBody, MessageAttributes }),
      );
    }
    for (const format of [[], ['--json']]) {
      const hidden = (await world.run([...redrive, '--show', ...format])).out.join('\n');
      expect(hidden).not.toContain(clientId);
      expect(hidden).toContain('request-1');
      const shown = (await world.run([...redrive, '--show', '--show-client-id', ...format])).out.join('\n');
      expect(shown.split(clientId)).toHaveLength(bodies.length + 1);
    }
    const alone = await world.run([...redrive, '--show-client-id']);
    expect(alone).toMatchObject({ status: 2, err: [expect.stringContaining('needs --show')] });
  });

  /** Uploads a photo, and puts the request of its erasure into the dead-letter queue. @returns the message's ID. */
  async function deadLetterErasure(key: string, code: ErasureReasonCode): Promise<string> {
    await world.put(key, undefined, key.length);
    await world.uploaded(key);
    const { MessageId = '' } = await world.sqs.send(
      new SendMessageCommand({
        QueueUrl: world.deadLetterQueueUrl,
        MessageBody: await erasureOf(world, key),
        MessageAttributes: { [deadLetterReasonAttribute]: { DataType: 'String', StringValue: code } },
      }),
    );
    return MessageId;
  }
});

describe('redrive dead-letters, of a stack that still names no operators', () => {
  it('refuses to send erasures, because the function would refuse them again', async () => {
    const world = await PipelineUnderTest.start();
    try {
      await world.put('early.jpg');
      await world.ended('early.jpg');
      await world.send(world.pipeline.deployment.queueUrl, await erasureOf(world, 'early.jpg'));
      await world.deadLettersAre(1);
      const { status, err } = await world.run([...redrive, '--reason', 'operators-not-named', '--yes']);
      expect({ status, err }).toEqual({ status: 1, err: [expect.stringContaining('still names no operators')] });
      expect(world.deadLetters).toBe(1);
    } finally {
      await world.stop();
    }
  });
});

async function erasureOf(world: PipelineUnderTest, key: string): Promise<string> {
  const { out } = await world.run(['status', key, '--json']);
  const [{ versionId, eTag }] = json(out) as [{ versionId: string; eTag: string }];
  const request = { requestId: `request-of-${key.length}`, requestedAt: '2026-11-23T10:00:00.000Z' };
  return erasureMessage({ bucket: world.bucket, key, versionId, eTag, ...request });
}
