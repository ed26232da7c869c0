import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { s3Body, s3Record } from '../lambda/fixtures/events';
import { clientId, PipelineUnderTest } from './pipeline-under-test';

describe('the commands for a stack with several key prefixes and another name for the client ID', () => {
  let world: PipelineUnderTest;
  beforeAll(async () => {
    world = await PipelineUnderTest.start({
      // The events of the first two are lost.
      keyPrefixes: 'lost/photos/,lost/ids/,photos/',
      clientIdMetadata: 'user-id',
    });
  });
  afterAll(() => world.stop());

  const metadata = { 'user-id': clientId };
  const keysIn = (lines: readonly string[]): string[] =>
    lines.map((line) => (JSON.parse(line) as { readonly key: string }).key);

  it('backfill sends the photos of each prefix and no others', async () => {
    await world.put('lost/ids/1.jpg', metadata, 1);
    await world.put('lost/other/1.jpg', metadata, 2);
    await world.put('lost/photos/1.jpg', metadata, 3);
    const { out, status } = await world.run(['backfill', '--yes', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({ seen: 2, selected: 2, isWhole: true });
    await world.ended('lost/ids/1.jpg');
    await world.ended('lost/photos/1.jpg');
    expect(await world.tagsOf('lost/other/1.jpg')).toEqual({});
  });

  it('backfill continues in a later prefix after a key of an earlier one', async () => {
    await world.put('lost/photos/2.jpg', metadata, 4);
    const words = ['backfill', '--start-after', 'lost/ids/1.jpg', '--dry-run', '--json', '--yes'];
    const { out } = await world.run(words);
    expect(JSON.parse(out.join(''))).toMatchObject({ seen: 2, selected: 1 });
  });

  it('backfill refuses a --prefix outside of them, and names each', async () => {
    const refused = await world.run(['backfill', '--prefix', 'other/', '--yes']);
    expect(refused).toMatchObject({
      status: 2,
      err: [expect.stringContaining('keys that begin with lost/ids/ or lost/photos/ or photos/')],
    });
  });

  it('report lists the photos of each prefix, in the order of their keys', async () => {
    await world.put('photos/1.jpg', metadata, 5);
    await world.ended('photos/1.jpg');
    const { out } = await world.run(['report', '--json']);
    expect(keysIn(out)).toEqual(['lost/ids/1.jpg', 'lost/photos/1.jpg', 'lost/photos/2.jpg', 'photos/1.jpg']);
  });

  it('status reads the client ID, and says if the stack does not process the key', async () => {
    const { out } = await world.run(['status', 'photos/1.jpg', '--show-client-id']);
    expect(out.join('\n')).toContain(`Set and well-formed: ${clientId}`);
    await world.put('lost/other/2.jpg', { 'client-id': clientId }, 6);
    const other = (await world.run(['status', 'lost/other/2.jpg'])).out.join('\n');
    expect(other).toContain(
      'None: the stack processes only keys that begin with lost/photos/ or lost/ids/ or photos/.',
    );
    expect(other).toContain('Missing: the object has no user-id metadata.');
  });

  it('doctor finds the same prefixes in the notifications and in the function', async () => {
    const { out } = await world.run(['doctor', '--json']);
    const findings = JSON.parse(out.join('')) as { readonly check: string }[];
    expect(findings.find(({ check }) => check === 'notification')).toMatchObject({
      verdict: 'right',
      said: expect.stringContaining('with a key lost/photos/…, lost/ids/…, photos/…') as unknown,
    });
  });

  it('redrive shows photos of a former prefix with their own reason', async () => {
    await world.setMaxReceiveCount(2);
    const { pipeline } = world;
    await world.put('former/1.jpg', metadata, 7);
    const record = s3Record({ key: 'former/1.jpg', versionId: undefined });
    const s3 = { ...record.s3, bucket: { name: pipeline.deployment.photoBucket } };
    await world.send(pipeline.deployment.queueUrl, s3Body({ ...record, s3 }));
    await world.deadLettersAre(1);
    const { out } = await world.run(['redrive', 'dead-letters', '--dry-run', '--json']);
    expect(JSON.parse(out.join(''))).toMatchObject({
      reasons: { 'outside-key-prefixes': { messages: 1, selected: 1 } },
    });
  });
});
