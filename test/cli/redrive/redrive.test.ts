import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DeadLetterQueue } from '../../../cli/redrive/dead-letter-queue';
import { PipelineUnderTest } from '../pipeline-under-test';

let world: PipelineUnderTest;

beforeAll(async () => {
  world = await PipelineUnderTest.start();
});
afterAll(() => world.stop());
afterEach(() => world.endTest());

const json = (lines: readonly string[]): unknown => JSON.parse(lines.join('\n'));

describe('redrive rejected', () => {
  it('uploads only photos that were rejected for the chosen reason', async () => {
    const other = '5eb1276d96be4a0008713af6';
    world.complyCube.fault(
      { fault: 'status', status: 422, for: 'POST /livePhotos', count: 1 },
      ({ clientId: requested }) => requested === other,
    );
    await world.put('redrive/refused.jpg', { 'client-id': other }, 201);
    await world.put('redrive/missing.jpg', {});
    await world.put('redrive/fine.jpg', undefined, 202);
    await world.ended('redrive/refused.jpg', 'rejected');
    await world.ended('redrive/missing.jpg', 'rejected');
    await world.ended('redrive/fine.jpg');
    await world.queueIsEmpty();
    const photosBefore = world.complyCube.livePhotos.length;

    const words = ['redrive', 'rejected', '--reason', 'refused-by-complycube', '--prefix', 'redrive/', '--json'];
    const dry = await world.run([...words, '--dry-run']);
    expect(json(dry.out)).toMatchObject({ selected: 1, isDryRun: true });
    expect(await world.tagsOf('redrive/refused.jpg')).toMatchObject({ 'complycube-status': 'rejected' });

    expect(json((await world.run([...words, '--yes'])).out)).toMatchObject({ selected: 1 });
    await world.ended('redrive/refused.jpg');
    await world.queueIsEmpty();
    expect(await world.tagsOf('redrive/refused.jpg')).not.toHaveProperty('complycube-rejection');
    expect(await world.tagsOf('redrive/missing.jpg')).toMatchObject({ 'complycube-rejection': 'client-id-missing' });
    expect(world.complyCube.livePhotos).toHaveLength(photosBefore + 1);
  });
});

describe('redrive dead-letters', () => {
  it('groups messages by reason, loses none, and sends those of the chosen reason', async () => {
    await world.setMaxReceiveCount(2);
    world.complyCube.fault({ fault: 'status', status: 500, count: null });
    await world.put('dead/failed.jpg', undefined, 301);
    await world.deadLettersAre(1);
    // The function dead-letters it itself, with the reason.
    await world.send(world.pipeline.deployment.queueUrl, 'no event');
    await world.deadLettersAre(2);
    world.complyCube.clearFaults();

    const dry = await world.run(['redrive', 'dead-letters', '--dry-run', '--json']);
    expect(dry.status).toBe(0);
    expect(json(dry.out)).toEqual({
      isDryRun: true,
      reasons: {
        'complycube-failed': { messages: 1, selected: 1, example: expect.stringContaining('500') as unknown },
        'not-an-event': { messages: 1, selected: 0, example: 'the message is not JSON' },
      },
    });
    expect(world.deadLetters).toBe(2);

    const none = await world.run(['redrive', 'dead-letters', '--reason', 'account-fault', '--yes', '--json']);
    expect(json(none.out)).toMatchObject({ reasons: { 'complycube-failed': { selected: 0 } } });
    expect(world.deadLetters).toBe(2);

    const real = await world.run(['redrive', 'dead-letters', '--yes']);
    expect(real.status).toBe(0);
    expect(real.out.join('\n')).toContain('complycube-failed: 1 message, 1 sent');
    await world.ended('dead/failed.jpg');
    await world.queueIsEmpty();
    expect(world.deadLetters).toBe(1);
  });

  it('recognizes messages of photos that are finished or deleted', async () => {
    await world.put('dead/done.jpg', undefined, 302);
    await world.ended('dead/done.jpg');
    await world.send(world.deadLetterQueueUrl, messageAbout('dead/done.jpg', await versionOf('dead/done.jpg')));
    await world.send(world.deadLetterQueueUrl, messageAbout('dead/never.jpg', { eTag: 'abc' }));
    const { out } = await world.run(['redrive', 'dead-letters', '--dry-run', '--json']);
    expect(json(out)).toMatchObject({
      reasons: { 'outcome-known': { messages: 1 }, 'object-gone': { messages: 1 }, 'not-an-event': { messages: 1 } },
    });
  });

  it('shows messages that are not an event, and deletes only those that are named and confirmed', async () => {
    const before = world.deadLetters;
    await world.send(world.deadLetterQueueUrl, 'stray\tmessage');
    const shown = await world.run(['redrive', 'dead-letters', '--show', '--json']);
    const messages = shown.out.map((line) => JSON.parse(line) as { messageId: string; body: string });
    const stray = messages.find(({ body }) => body.startsWith('stray'))?.messageId ?? '';
    const { out } = await world.run(['redrive', 'dead-letters', '--show']);
    expect(out.join('\n')).toContain(`${stray}: not an event of a photo object\n  stray\uFFFDmessage`);
    expect(out.join('\n')).not.toContain('dead/done.jpg');

    const words = ['redrive', 'dead-letters', '--delete', stray];
    expect(await world.run(words)).toMatchObject({ status: 2, err: [expect.stringContaining('use --yes')] });
    expect(await world.run(words, { answer: 'n' })).toMatchObject({ status: 1, err: ['Nothing was deleted.'] });
    expect(await world.run(['redrive', 'dead-letters', '--delete', 'none', '--yes'])).toMatchObject({
      ...{ status: 1, err: [expect.stringContaining('has no message none')] },
    });
    expect(world.deadLetters).toBe(before + 1);
    expect(await world.run(words, { answer: 'y' })).toMatchObject({ status: 0, out: ['Deleted 1 message.'] });
    expect(world.deadLetters).toBe(before);
  });

  it('does not delete a message about a photo', async () => {
    const url = world.deadLetterQueueUrl;
    const { MessageId = '' } = await world.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: messageAbout('dead/never.jpg', { eTag: 'abc' }) }),
    );
    const before = world.deadLetters;
    const { status, err } = await world.run(['redrive', 'dead-letters', '--delete', MessageId, '--yes']);
    expect({ status, err }).toEqual({
      status: 1,
      err: [expect.stringContaining('can be redriven. Nothing was deleted')],
    });
    expect(world.deadLetters).toBe(before);
  });

  it('loses no message that the upload queue refuses', async () => {
    const attributesOf = (MaximumMessageSize: string) => ({
      QueueUrl: world.pipeline.deployment.queueUrl,
      Attributes: { MaximumMessageSize },
    });
    const large = messageAbout('dead/large.jpg', { eTag: 'abc', note: 'x'.repeat(2_000) });
    await world.send(world.deadLetterQueueUrl, large);
    const messagesBefore = world.deadLetters;
    await world.sqs.send(new SetQueueAttributesCommand(attributesOf('1024')));
    const { status, err } = await world.run(['redrive', 'dead-letters', '--yes']);
    await world.sqs.send(new SetQueueAttributesCommand(attributesOf('1048576')));
    expect(status).toBe(1);
    expect(err).toEqual([expect.stringContaining('still in the dead-letter queue')]);
    expect(world.deadLetters).toBe(messagesBefore);
  });

  it("prints its result and the failure even if the messages can't be released", async () => {
    const takeUpTo = (MaximumMessageSize: string) =>
      world.sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: world.pipeline.deployment.queueUrl,
          Attributes: { MaximumMessageSize },
        }),
      );
    const release = jest.spyOn(DeadLetterQueue.prototype, 'release').mockRejectedValue(new Error('no release'));
    await takeUpTo('1024');
    const { status, out, err } = await world.run(['redrive', 'dead-letters', '--yes', '--json']);
    await takeUpTo('1048576');
    release.mockRestore();
    expect(status).toBe(1);
    expect(json(out)).toMatchObject({ isDryRun: false, reasons: { 'not-an-event': { messages: 1 } } });
    expect(err).toEqual([
      expect.stringContaining('reappear within 15 minutes'),
      expect.stringContaining('still in the dead-letter queue'),
    ]);
  });

  async function versionOf(key: string): Promise<{ eTag: string; versionId: string }> {
    const { out } = await world.run(['status', key, '--json']);
    const [status] = json(out) as [{ eTag: string; versionId: string }];
    return status;
  }

  function messageAbout(key: string, object: object): string {
    const s3 = { bucket: { name: world.pipeline.deployment.photoBucket }, object: { key, ...object } };
    return JSON.stringify({
      Records: [{ eventVersion: '2.1', eventTime: '2026-11-23T10:00:00Z', eventName: 'ObjectCreated:Put', s3 }],
    });
  }
});
