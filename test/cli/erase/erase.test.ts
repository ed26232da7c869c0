import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../until';
import { clientId, PipelineUnderTest } from '../pipeline-under-test';

const operators = { operatorRoleArns: 'arn:aws:iam::123456789012:role/on-call' };
let world: PipelineUnderTest;

beforeAll(async () => {
  world = await PipelineUnderTest.start(operators);
});
afterAll(() => world.stop());

const evidence = async (): Promise<Record<string, string>[]> => {
  const { out } = await world.run(['report', '--erasures', '--json']);
  return out.map((line) => JSON.parse(line) as Record<string, string>);
};
/** Uploads a photo. @returns its version. */
const uploaded = async (key: string, seed: number): Promise<string> => {
  const version = await world.put(key, undefined, seed);
  await world.uploaded(key);
  return version;
};

describe('erase', () => {
  it('erases every version of a key: the live photos are gone, the tag says so, and there is evidence', async () => {
    const versions = [await uploaded('twice/a.jpg', 1), await uploaded('twice/a.jpg', 2)];
    await uploaded('twice/a.jpg.other', 3);
    const before = world.complyCube.livePhotos.length;
    const { status, out, err } = await world.run(['erase', 'twice/a.jpg'], { answer: 'y' });
    expect({ status, err }).toEqual({ status: 0, err: [] });
    expect(out[0]).toMatch(/^\S+Z {2}uploaded {2}twice\/a\.jpg {2}\S+$/);
    expect(out.join('\n')).toContain('Sent to be erased: 2 versions.');
    await world.ended('twice/a.jpg', 'erased');
    await until(() => world.complyCube.livePhotos.length === before - 2);
    await until(async () => (await evidence()).length === 2);
    const records = await evidence();
    expect(records.map(({ version }) => version).sort()).toEqual([...versions].sort());
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'deleted', status: '204', requested_by: expect.stringMatching(/^AROA/) });
    }
    expect(JSON.stringify(records)).not.toContain(clientId);
    expect((await world.tagsOf('twice/a.jpg.other'))['complycube-status']).toBe('uploaded');
    expect(world.eventTypesOf('twice/a.jpg').filter((type) => type === 'Live Photo Erased')).toHaveLength(2);
  });

  it('sends nothing if the answer is no, with --dry-run, or without a terminal', async () => {
    await uploaded('kept.jpg', 11);
    const refused = await world.run(['erase', 'kept.jpg'], { answer: 'n' });
    expect(refused).toMatchObject({ status: 1, err: ['Nothing was sent.'] });
    const unanswered = await world.run(['erase', 'kept.jpg']);
    expect(unanswered).toMatchObject({ status: 2, err: [expect.stringContaining('An erasure can’t be undone')] });
    const dry = await world.run(['erase', 'kept.jpg', '--dry-run']);
    expect(dry).toMatchObject({ status: 0, err: [] });
    expect(dry.out.at(-1)).toBe('To erase: 1 version. Nothing was sent.');
    await world.queueIsEmpty();
    expect((await world.tagsOf('kept.jpg'))['complycube-status']).toBe('uploaded');
  });

  it('does not send erased versions again, and backfill does not send them either', async () => {
    await uploaded('once.jpg', 21);
    await world.run(['erase', 'once.jpg', '--yes']);
    await world.ended('once.jpg', 'erased');
    const again = await world.run(['erase', 'once.jpg', '--yes', '--json']);
    expect(JSON.parse(again.out.at(-1) ?? '')).toMatchObject({ selected: 0, alreadyErased: 1, isWhole: true });
    const backfill = await world.run(['backfill', '--prefix', 'once.jpg', '--yes', '--json']);
    expect(JSON.parse(backfill.out.join(''))).toMatchObject({ selected: 0, passedOver: { erased: 1 } });
    const status = await world.run(['status', 'once.jpg']);
    expect(status.out.join('\n')).toMatch(/Outcome +Erased/);
    expect(status.out.join('\n')).toMatch(
      /Erasure +Requested \S+ \S+ UTC by AROA.* Result: deleted, ComplyCube answered 204/,
    );
  });

  it('erases only the versions of a client, and lists its other live photos at ComplyCube', async () => {
    const other = '5eb1276d96be4a0008713af6';
    world.complyCube.addClient(other);
    await world.put('clients/a.jpg', { 'client-id': other }, 31);
    await world.uploaded('clients/a.jpg');
    await uploaded('clients/b.jpg', 32);
    const elsewhere = await world.uploadElsewhere(other, 33);
    const { status, out } = await world.run(['erase', '--client-id', other, '--yes']);
    expect(status).toBe(0);
    const text = out.join('\n');
    expect(text).toContain('clients/a.jpg');
    expect(text).not.toContain('clients/b.jpg');
    expect(text).toContain('1 live photo that no listed version names. --all-of-client deletes them too.');
    expect(out).toContain(`  ${elsewhere}`);
    await world.ended('clients/a.jpg', 'erased');
    expect((await world.tagsOf('clients/b.jpg'))['complycube-status']).toBe('uploaded');
  });

  it('erases only old versions with --older-than', async () => {
    await uploaded('new.jpg', 41);
    const { out } = await world.run(['erase', '--older-than', '1', '--prefix', 'new', '--yes', '--json']);
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({ seen: 0, selected: 0 });
  });

  it.each([
    [['missing/typo.jpg'], 'There is no version of missing/typo.jpg: check the key, it is case-sensitive'],
    [['--client-id', 'nobody'], 'There is no version of the client: check the client ID'],
    [
      ['missing/typo.jpg', '--client-id', 'nobody'],
      'There is no version of missing/typo.jpg of the client: check the key, it is case-sensitive',
    ],
  ])('fails for %j, which may be misspelt', async (words, message) => {
    for (const mode of ['--yes', '--dry-run']) {
      const { status, err } = await world.run(['erase', ...words, mode]);
      expect({ status, err }).toEqual({ status: 1, err: [message] });
    }
  });

  it('erases the keys that exist, and fails for the others', async () => {
    await uploaded('one/exists.jpg', 45);
    const { status, out, err } = await world.run(['erase', 'one/typo.jpg', 'one/exists.jpg', '--yes']);
    expect({ status, err }).toEqual({
      status: 1,
      err: [expect.stringContaining('There is no version of one/typo.jpg')],
    });
    expect(out.join('\n')).toContain('Sent to be erased: 1 version.');
    await world.ended('one/exists.jpg', 'erased');
  });

  it('deletes the erased versions at once with --delete-now', async () => {
    await uploaded('now.jpg', 51);
    const { status, out } = await world.run(['erase', 'now.jpg', '--yes', '--delete-now']);
    expect(status).toBe(0);
    expect(out.at(-1)).toBe('Deleted from S3: 1 version.');
    const { Versions = [], DeleteMarkers = [] } = await world.s3.send(
      new ListObjectVersionsCommand({ Bucket: world.bucket, Prefix: 'now.jpg' }),
    );
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
    expect((await evidence()).length).toBeGreaterThan(0);
  });

  it.each([
    [[], 'Nothing is chosen: use KEY, --client-id or --older-than'],
    [['a.jpg', '--prefix', 'a'], 'KEY can’t be combined with --prefix'],
    [['--client-id', 'no id'], '--client-id is no id: use'],
    [['--older-than', '0'], '--older-than is 0: use a whole number'],
  ])('refuses %j with one line', async (words, message) => {
    const { status, err } = await world.run(['erase', ...words]);
    expect({ status, err }).toEqual({ status: 2, err: [expect.stringContaining(message)] });
  });

  it('does not report erasures of another period', async () => {
    const { out, err } = await world.run(['report', '--erasures', '--since', '2000-01-01', '--until', '2000-01-02']);
    expect(out).toEqual([
      'erased_at,requested_at,requested_by,bucket,key_hash,version,outcome,status,said,request_id,deleted,not_found,refused\r',
    ]);
    expect(err).toEqual(['No erasures found.']);
  });
});

describe('erase for a stack without operators', () => {
  it('sends nothing and says how to name them', async () => {
    const without = await PipelineUnderTest.start();
    try {
      const { status, err } = await without.run(['erase', 'a.jpg', '--yes']);
      expect(status).toBe(1);
      expect(err).toEqual([expect.stringContaining('deploy with -c operatorRoleArns=ROLE_ARN')]);
    } finally {
      await without.stop();
    }
  });
});
