import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../contract/environment';
import { localCredentials } from '../../local/pipeline/pipeline';
import { localAccount } from '../../local/pipeline/template';
import { apiKey, clientId, PipelineUnderTest } from './pipeline-under-test';
import { runCommand } from './terminal-under-test';

let world: PipelineUnderTest;

beforeAll(async () => {
  world = await PipelineUnderTest.start();
});
afterAll(() => world.stop());
afterEach(() => world.endTest());

const json = (lines: readonly string[]): unknown => JSON.parse(lines.join('\n'));

describe('doctor', () => {
  const verdicts = async (): Promise<Record<string, string>> => {
    const { out } = await world.run(['doctor', '--json']);
    const findings = json(out) as { check: string; verdict: string }[];
    return Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
  };

  it("finds nothing wrong, and shows what it can't check locally", async () => {
    const { status, out, err } = await world.run(['doctor']);
    expect({ status, err }).toEqual({ status: 0, err: [] });
    expect(out.at(-1)).toContain('Nothing is wrong with the local stack.');
    await expect(verdicts()).resolves.toEqual({
      stack: 'unchecked',
      bucket: 'right',
      notification: 'right',
      'upload queue': 'right',
      'event source': 'right',
      function: 'right',
      erasure: 'warning',
      'erased photos': 'unchecked',
      claims: 'unchecked',
      evidence: 'unchecked',
      permissions: 'unchecked',
      policies: 'unchecked',
      'API key': 'right',
      ComplyCube: 'right',
      backlog: 'right',
      'dead letters': 'right',
      alarms: 'unchecked',
    });
  });

  it('reports that ComplyCube refuses the key, shows the fix, and never prints the key', async () => {
    world.complyCube.revokeKey(apiKey);
    const { status, out } = await world.run(['doctor']);
    expect(status).toBe(1);
    const text = out.join('\n');
    expect(text).toMatch(/✗ ComplyCube +It answered 401/);
    expect(text).toContain('aws secretsmanager put-secret-value');
    expect(text).not.toContain(apiKey);
  });

  it('tests the key that the secret holds now, not the one that the function has cached', async () => {
    await world.put('doctor/caches the key.jpg', undefined, 502);
    await world.ended('doctor/caches the key.jpg');
    world.setApiKey('live_wrong_key');
    const { out } = await world.run(['doctor']);
    world.setApiKey(apiKey);
    expect(out.join('\n')).toMatch(/✗ ComplyCube +It answered 401/);
    await expect(verdicts()).resolves.toMatchObject({ ComplyCube: 'right' });
  });

  it('reports dead-lettered messages', async () => {
    await world.send(world.deadLetterQueueUrl, 'no event');
    const { status, out } = await world.run(['doctor']);
    expect(status).toBe(1);
    expect(out.join('\n')).toContain('npx live-photos redrive dead-letters --dry-run');
    await world.sqs.send(new PurgeQueueCommand({ QueueUrl: world.deadLetterQueueUrl }));
  });
});

describe('the API key', () => {
  it('is for the function only: the credentials that the pipeline prints do not read it', async () => {
    const { secretsManager, function: fn } = world.pipeline;
    const client = new SecretsManagerClient({
      ...{ region: localAccount.region, endpoint: secretsManager.url, credentials: localCredentials },
    });
    const SecretId = fn.variables[environmentNames.apiKeySecretId];
    await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toThrow('Only the function may');
    client.destroy();
  });
});

describe('pause and resume', () => {
  it('make photos wait, say what happens meanwhile, and can be repeated', async () => {
    const paused = await world.run(['pause']);
    expect(paused).toMatchObject({ status: 0, err: [] });
    expect(paused.out.join('\n')).toMatch(/Paused: .*\n.*SQS deletes a message 7 days after .* not-received fires/);
    await world.put('pause/waits.jpg', undefined, 501);
    const { out } = await world.run(['doctor']);
    expect(out.join('\n')).toMatch(/✗ event source +Its state is Disabled: photos wait in the queue/);
    expect(out.join('\n')).toContain('npx live-photos resume');
    const again = await world.run(['pause', '--json']);
    expect(json(again.out)).toEqual({ state: 'paused', isChanged: false });
    expect(await world.tagsOf('pause/waits.jpg')).toEqual({});

    const resumed = await world.run(['resume', '--json']);
    expect(json(resumed.out)).toEqual({ state: 'running', isChanged: true });
    await world.ended('pause/waits.jpg');
    const { out: said } = await world.run(['resume']);
    expect(said[0]).toBe('It was running already.');
  });
});

describe('status', () => {
  it('shows what S3, the claim and ComplyCube know about an uploaded photo', async () => {
    const versionId = await world.put('status/a photo.jpg');
    await world.ended('status/a photo.jpg');
    const id = (await world.tagsOf('status/a photo.jpg'))['complycube-live-photo-id'] ?? '';
    const { status, out } = await world.run(['status', 'status/a photo.jpg']);
    const text = out.join('\n');
    expect(status).toBe(0);
    expect(text).toContain(`Version ${versionId}, the current one`);
    expect(text).toContain(`Uploaded as live photo ${id}.`);
    expect(text).toMatch(/It has the live photo: created .* UTC, 40,000 bytes\./);
    expect(text).toMatch(/First attempt .*, 1 attempt in total\./);
    expect(text).not.toContain(clientId);
  });

  it('says that an object is skipped on purpose, and not that its message is lost', async () => {
    await world.put('status/document.jpg', { 'live-photo': 'Skip' });
    await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: 'status/folder/', Body: Buffer.alloc(0) }));
    await world.queueIsEmpty();
    const { out } = await world.run(['status', 'status/document.jpg']);
    expect(out.join('\n')).toMatch(/Outcome +None: its metadata says live-photo: skip, so the function does nothing/);
    expect(out.join('\n')).not.toContain('backfill');
    const folder = await world.run(['status', 'status/folder/']);
    expect(folder.out.join('\n')).toMatch(/Outcome +None: it is a folder marker/);
  });

  it('prints the client ID only with --show-client-id', async () => {
    await world.put('status/whose.jpg');
    const shown = await world.run(['status', 'status/whose.jpg', '--show-client-id', '--json']);
    const hidden = await world.run(['status', 'status/whose.jpg', '--json']);
    expect(json(shown.out)).toMatchObject([{ metadata: { clientId, clientIdForm: 'well-formed' } }]);
    expect(hidden.out.join('')).not.toContain(clientId);
  });

  it('shows what ComplyCube answered to a photo that it refused, as the report does', async () => {
    const said = 'ComplyCube answered 422: More than one face, please try again';
    const refusing = { status: 422, message: 'More than one face, please try again', for: 'POST /livePhotos' } as const;
    world.complyCube.fault({ fault: 'status', count: 1, ...refusing });
    await world.put('status/refused.jpg');
    await world.ended('status/refused.jpg', 'rejected');
    const shown = await world.run(['status', 'status/refused.jpg']);
    expect(shown.out.join('\n')).toContain(`Rejected for refused-by-complycube: it was not uploaded,`);
    expect(shown.out.join('\n')).toContain(said);
    const outcome = { status: 'rejected', reason: 'refused-by-complycube', detail: said };
    expect(json((await world.run(['status', 'status/refused.jpg', '--json'])).out)).toMatchObject([{ outcome }]);
    expect((await world.run(['report', '--prefix', 'status/refused.jpg'])).out[1]).toContain(`,,"${said}"`);
  });

  it('lists the versions of the object, and none of a longer key', async () => {
    await world.put('status/two');
    await world.ended('status/two');
    await world.put('status/two', {});
    await world.put('status/two.jpg');
    await world.ended('status/two', 'rejected');
    const { out } = await world.run(['status', 'status/two', '--json']);
    expect(json(out)).toMatchObject([
      { isCurrent: true, outcome: { status: 'rejected', reason: 'client-id-missing' } },
      { isCurrent: false, outcome: { status: 'uploaded' } },
    ]);
  });

  it('reports that ComplyCube no longer has the live photo', async () => {
    await world.put('status/deleted.jpg');
    await world.ended('status/deleted.jpg');
    world.complyCube.fault({ fault: 'status', status: 404, for: 'GET /livePhotos/:id' });
    const { out } = await world.run(['status', 'status/deleted.jpg']);
    expect(out.join('\n')).toContain('It does not have this live photo');
  });

  it('recommends backfill for a photo whose event was lost', async () => {
    await world.put('lost/status.jpg');
    const { out } = await world.run(['status', 'lost/status.jpg']);
    expect(out.join('\n')).toMatch(/None yet\..*backfill sends it again/);
  });

  it('exits with 1 if the object does not exist', async () => {
    const { status, err } = await world.run(['status', 'status/none']);
    expect({ status, err }).toEqual({ status: 1, err: [expect.stringContaining('There is no object status/none')] });
  });
});

describe('backfill', () => {
  const keys = ['lost/one+one & 100% of it.jpg', 'lost/写真 山田.jpg', 'lost/line\nbreak.jpg', 'lost/~(!)*.jpg'];

  it('sends nothing in a dry run, then only photos without an outcome, and none twice', async () => {
    for (const [at, key] of keys.entries()) await world.put(key, undefined, 100 + at);
    await world.put('lost/other prefix', {});
    const photosBefore = world.complyCube.livePhotos.length;

    const dry = await world.run(['backfill', '--dry-run', '--json', '--prefix', 'lost/']);
    expect(dry.status).toBe(0);
    const { selected } = json(dry.out) as { selected: number };
    await world.queueIsEmpty();
    expect(world.complyCube.livePhotos).toHaveLength(photosBefore);

    const real = await world.run(['backfill', '--yes', '--json', '--prefix', 'lost/']);
    expect(real.status).toBe(0);
    expect(json(real.out)).toMatchObject({ selected, isWhole: true, isDryRun: false });
    for (const key of keys) await world.ended(key);
    await world.ended('lost/other prefix', 'rejected');
    await world.queueIsEmpty();

    const again = await world.run(['backfill', '--yes', '--json', '--prefix', 'lost/']);
    expect(json(again.out)).toMatchObject({ selected: 0, passedOver: { uploaded: selected - 1, rejected: 1 } });
    expect(world.complyCube.livePhotos).toHaveLength(photosBefore + selected - 1);
  });

  it('skips photos outside of the period', async () => {
    await world.put('lost/period.jpg');
    const { out } = await world.run(['backfill', '--dry-run', '--json', '--until', '2020-01-01']);
    expect(json(out)).toMatchObject({ seen: 0, selected: 0 });
  });

  it('continues after a key', async () => {
    for (const key of ['lost/r1', 'lost/r2', 'lost/r3']) await world.put(key);
    const { out } = await world.run([
      'backfill',
      '--dry-run',
      '--json',
      '--prefix',
      'lost/r',
      '--start-after',
      'lost/r1',
    ]);
    expect(json(out)).toMatchObject({ seen: 2, selected: 2 });
  });

  it('prints the command that continues after an interruption, and sends nothing more', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const options = { interruption: interruption.signal };
    const { status, err } = await world.run(
      ['backfill', '--yes', '--prefix', 'lost/r', '--start-after', "lost/it's"],
      options,
    );
    expect(status).toBe(130);
    expect(err.at(-1)).toMatch(
      /^Nothing is lost\. Continue with: {2}npx live-photos backfill --prefix lost\/r --start-after 'lost\/it'\\''s' --local http:\S+ --yes$/,
    );
    await world.queueIsEmpty();
    expect(await world.tagsOf('lost/r1')).toEqual({});
  });

  it('asks first, and sends only after yes', async () => {
    const withoutTerminal = await world.run(['backfill']);
    expect(withoutTerminal).toMatchObject({ status: 2, err: [expect.stringContaining('use --yes')] });
    const refused = await world.run(['backfill'], { answer: 'no' });
    expect(refused).toMatchObject({ status: 1, err: ['Nothing was sent.'] });
  });

  it('draws progress only on a terminal', async () => {
    const seen = await world.run(['backfill', '--dry-run'], { isTerminal: true });
    expect(seen.drawn.join('\n')).toContain('counting photo objects');
    const unseen = await world.run(['backfill', '--dry-run']);
    expect(unseen).toMatchObject({ drawn: [], err: [] });
  });
});

describe('report', () => {
  it('lists every version with its outcome as CSV, safe for a spreadsheet', async () => {
    const uploaded = await world.put('report/=1+1.jpg', undefined, 401);
    await world.ended('report/=1+1.jpg');
    const rejected = await world.put('report/=1+1.jpg', {});
    await world.ended('report/=1+1.jpg', 'rejected');
    const { status, out } = await world.run(['report', '--prefix', 'report/']);
    expect(status).toBe(0);
    expect(out.every((line) => line.endsWith('\r'))).toBe(true);
    const [header, ...rows] = out.map((line) => line.trimEnd().split(','));
    const columns = ['bucket', 'key', 'version', 'put_at', 'size', 'outcome', 'reason', 'live_photo_id', 'detail'];
    expect(header).toEqual(columns);
    expect(rows).toEqual([
      [
        expect.anything(),
        'report/=1+1.jpg',
        rejected,
        expect.anything(),
        '40000',
        'rejected',
        'client-id-missing',
        '',
        '',
      ],
      [
        ...[expect.anything(), 'report/=1+1.jpg', uploaded, expect.anything(), '40000', 'uploaded', ''],
        world.complyCube.livePhotos.at(-1)?.id,
        '',
      ],
    ]);
  });

  it('prints a JSON object per line, within a period', async () => {
    const all = await world.run(['report', '--json', '--prefix', 'report/', '--since', '2020-01-01']);
    expect(all.out.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(['rejected', 'uploaded']);
    const none = await world.run(['report', '--json', '--prefix', 'report/', '--until', '2020-01-01']);
    expect(none.out).toEqual([]);
  });
});

it('reports that there is no local pipeline', async () => {
  const { status, err } = await runCommand(['doctor', '--local', 'http://127.0.0.1:1']);
  expect({ status, err }).toEqual({ status: 1, err: [expect.stringContaining('is `npm start -- --serve` running?')] });
});
