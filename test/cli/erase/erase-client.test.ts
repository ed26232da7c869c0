import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../../contract/environment';
import { until } from '../../until';
import { apiKey, PipelineUnderTest } from '../pipeline-under-test';

const operators = { operatorRoleArns: 'arn:aws:iam::123456789012:role/on-call' };
let world: PipelineUnderTest;
let clients = 0;
let client: string;

beforeAll(async () => {
  // The erasure of a client looks again after these durations, in real time.
  const { listingDelayMs, clockSkewMs } = environmentNames;
  world = await PipelineUnderTest.start(operators, { [listingDelayMs]: '1', [clockSkewMs]: '1' });
});
afterAll(() => world.stop());

/** Each test has its own client. */
const newClient = (): void => {
  client = `client-${++clients}`;
  world.complyCube.addClient(client);
};
const uploaded = async (key: string, seed: number): Promise<string> => {
  await world.put(key, { 'client-id': client }, seed);
  return world.uploaded(key);
};
const ofClient = () => world.complyCube.livePhotos.filter(({ clientId }) => clientId === client);
const erase = (...words: string[]) => ['erase', '--client-id', client, '--all-of-client', ...words];
const evidence = async (): Promise<Record<string, string>[]> => {
  const { out } = await world.run(['report', '--erasures', '--json']);
  return out.map((line) => JSON.parse(line) as Record<string, string>);
};
/** The columns of a line on a terminal, counted independently of the product: a wide character is outside of ASCII here. */
const columnsOf = (line: string) => Array.from(line).reduce((sum, one) => sum + (one > '\u2fff' ? 2 : 1), 0);
/** Waits for the evidence of a request, or of the latest request for a client. */
const ended = async (requestId: string | undefined): Promise<Record<string, string> | undefined> => {
  const find = async () =>
    (await evidence()).find(({ bucket, request_id }) => bucket === '' && request_id === (requestId ?? request_id));
  await until(async () => (await find()) !== undefined);
  return find();
};
const requestIn = (out: readonly string[]): string => {
  const last = JSON.parse(out.at(-1) ?? '') as { clientErasure: { requestId: string } };
  return last.clientErasure.requestId;
};

describe('erase --all-of-client', () => {
  it('erases the versions, then deletes the client’s other live photos, and says how many before', async () => {
    newClient();
    await uploaded('all/a.jpg', 1);
    await world.uploadElsewhere(client, 2);
    await world.uploadElsewhere(client, 3);
    const { status, out, err, asked } = await world.run(erase(), { answer: 'y' });
    expect({ status, err }).toEqual({ status: 0, err: [] });
    expect(asked).toEqual([
      'Erases 1 version, and 2 live photos that no listed version names. An erasure can’t be undone. Continue? [y/N] ',
    ]);
    expect(out.at(-1)).toMatch(/^Sent: the deletion of all live photos that the client still has at ComplyCube/);
    const record = await ended(undefined);
    expect(record).toMatchObject({ outcome: 'deleted', deleted: '2', not_found: '0', refused: '0', key_hash: '' });
    expect(ofClient()).toEqual([]);
    // The version was erased first, so its own evidence says who deleted its live photo.
    expect((await evidence()).filter(({ key_hash }) => key_hash !== '').map(({ outcome }) => outcome)).toEqual([
      'deleted',
    ]);
    expect(JSON.stringify(await evidence())).not.toContain(client);
  });

  it('deletes the live photos of a client that has no object in the bucket', async () => {
    newClient();
    await world.uploadElsewhere(client, 11);
    const { status, out } = await world.run(erase('--yes', '--json'));
    expect(status).toBe(0);
    expect(await ended(requestIn(out))).toMatchObject({ deleted: '1' });
    expect(ofClient()).toEqual([]);
  });

  it('sends nothing if the answer is no, with --dry-run, or without a terminal', async () => {
    newClient();
    await uploaded('kept/a.jpg', 21);
    const elsewhere = await world.uploadElsewhere(client, 22);
    expect(await world.run(erase(), { answer: 'n' })).toMatchObject({ status: 1, err: ['Nothing was sent.'] });
    expect(await world.run(erase())).toMatchObject({ status: 2 });
    const dry = await world.run(erase('--dry-run'));
    expect(dry.out.at(-1)).toBe(
      'To erase: 1 version, and 1 live photo that no listed version names. Nothing was sent.',
    );
    expect(dry.out).toContain(`  ${elsewhere}`);
    await world.queueIsEmpty();
    expect(ofClient()).toHaveLength(2);
  });

  it('deletes the versions from S3 too with --delete-now', async () => {
    newClient();
    await uploaded('now/a.jpg', 31);
    await world.uploadElsewhere(client, 32);
    const { status, out } = await world.run(erase('--yes', '--json', '--delete-now'));
    expect(status).toBe(0);
    expect(out.map((line) => JSON.parse(line) as object)).toContainEqual({ deleted: 1, notErasedYet: 0, refused: 0 });
    expect(await ended(requestIn(out))).toMatchObject({ deleted: '1' });
    const list = new ListObjectVersionsCommand({ Bucket: world.bucket, Prefix: 'now/' });
    const { Versions = [], DeleteMarkers = [] } = await world.s3.send(list);
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
  });

  it('deletes the others although ComplyCube refuses one, and reports its words', async () => {
    newClient();
    world.complyCube.useInCheck(await uploaded('refused/a.jpg', 41));
    await world.uploadElsewhere(client, 42);
    const { status, out, err } = await world.run(erase('--yes', '--json'));
    expect(status).toBe(1);
    expect(err).toEqual([expect.stringContaining('ComplyCube refused to delete the live photos of 1 version')]);
    const said = expect.stringContaining('a check has used it') as unknown;
    expect(await ended(requestIn(out))).toMatchObject({ outcome: 'refused', deleted: '1', refused: '1', said });
    expect(ofClient()).toHaveLength(1);
  });

  it('sends nothing about the client when it is interrupted before its versions are erased, and completes later', async () => {
    newClient();
    await world.put('interrupted/a.jpg', { 'client-id': client }, 51);
    await world.ended('interrupted/a.jpg');
    const elsewhere = await world.uploadElsewhere(client, 52);
    // The lease of the upload has not ended, so the erasure can't begin.
    const interruption = new AbortController();
    const running = world.run(erase('--yes'), {
      interruption: interruption.signal,
      isTerminal: true,
      onRedraw: (line) => {
        if (line.startsWith('waiting for')) interruption.abort();
      },
    });
    const { status, out, err } = await running;
    expect(status).toBe(130);
    expect(out.join('\n')).not.toContain('Sent: the deletion');
    expect(err).toEqual([expect.stringContaining("the client's other live photos are not deleted")]);
    expect(ofClient().map(({ id }) => id)).toContain(elsewhere);

    await world.endLeases();
    await world.ended('interrupted/a.jpg', 'erased');
    const again = await world.run(erase('--yes', '--json'));
    expect(again.status).toBe(0);
    expect(await ended(requestIn(again.out))).toMatchObject({ deleted: '1' });
    expect(ofClient()).toEqual([]);
  });

  it('sends nothing after a question, and everything with --yes, when ComplyCube does not list the live photos', async () => {
    newClient();
    await uploaded('unlisted/a.jpg', 71);
    world.setApiKey('bad_key');
    const refused = expect.stringContaining('could not be listed') as unknown;
    const asked = await world.run(erase(), { answer: 'y' });
    expect(asked).toMatchObject({ status: 1, asked: [], err: [refused, 'Nothing was sent.'] });
    const confirmed = await world.run(['erase', '--client-id', client, '--yes', '--json']);
    expect(confirmed).toMatchObject({ status: 1, err: [refused] });
    expect(JSON.parse(confirmed.out.at(-1) ?? '') as object).toMatchObject({ selected: 1, isWhole: true });
    world.setApiKey(apiKey);
    await world.ended('unlisted/a.jpg', 'erased');
  });

  it('fits a terminal of 40 columns, also with wide keys, and never breaks CSV and JSON', async () => {
    newClient();
    const key = '写真/自拍📷/セルフィー/selfie of a person.jpg';
    await uploaded(key, 61);
    await world.uploadElsewhere(client, 62);
    const { status, out } = await world.run(erase('--yes'), { columns: 40 });
    expect(status).toBe(0);
    const lines = out.join('\n').split('\n');
    for (const line of lines.filter((one) => one.trim().includes(' ') && !one.includes('`'))) {
      expect({ line, fits: columnsOf(line) <= 40 }).toEqual({ line, fits: true });
    }
    expect(lines.map((line) => line.trim()).join(' ')).toContain(key);
    const { out: csv } = await world.run(['report', '--erasures'], { columns: 40 });
    const numbers = csv.map((line) => line.split(',').length);
    expect(new Set(numbers)).toEqual(new Set([13]));
  });

  it.each([
    [['a.jpg'], '--all-of-client needs --client-id'],
    [[], '--all-of-client needs --client-id'],
    [['--older-than', '1'], '--all-of-client needs --client-id'],
    [['--client-id', 'a', 'a.jpg'], '--all-of-client can’t be combined with KEY'],
    [['--client-id', 'a', '--prefix', 'p'], '--all-of-client can’t be combined with KEY'],
    [['--client-id', 'a', '--start-after', 'p'], '--all-of-client can’t be combined with KEY'],
    [['--client-id', 'a', '--older-than', '1'], '--all-of-client can’t be combined with KEY'],
  ])('is refused with one line: %j', async (words, message) => {
    const { status, err } = await world.run(['erase', '--all-of-client', ...words]);
    expect({ status, err }).toEqual({ status: 2, err: [expect.stringContaining(message)] });
  });
});
