import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { AwaitedVersion } from '../../../cli/erase/await-erasures';
import { finishErasures } from '../../../cli/erase/finish-erasures';
import type { Terminal } from '../../../cli/terminal/terminal';
import { erasureRecordKey, tombstoneKey } from '../../../contract/erasure-record';
import { s3Failure } from '../../lambda/fixtures/s3-answers';

const s3 = mockClient(S3Client);
const request = { requestId: 'request-1', requestedAt: '2026-11-26T12:00:00.000Z' };
const versionOf = (versionId: string): AwaitedVersion => ({
  ...{ bucket: 'photos', key: 'photos/a.jpg', versionId, eTag: 'abc', request },
});
const [one, two] = [versionOf('version-1'), versionOf('version-2')];
const exists = (Key: string, content: object) => {
  const Body = { transformToString: () => Promise.resolve(JSON.stringify(content)) };
  s3.on(GetObjectCommand, { Bucket: 'claims', Key }).resolves({ Body: Body as never });
};
const isErased = (version: AwaitedVersion) => exists(tombstoneKey(version), {});
const isRefused = (version: AwaitedVersion) => {
  exists(erasureRecordKey({ ...version, ...request }), { outcome: 'refused' });
};
const deleted = () => s3.commandCalls(DeleteObjectCommand).map(({ args: [{ input }] }) => input.VersionId);

interface Run {
  readonly deletesNow?: boolean;
  readonly isOfWholeClient?: boolean;
  readonly areAll?: boolean;
  /** Called at each wait, with the milliseconds that have been waited before. */
  readonly onSleep?: (waitedMs: number, interrupt: () => void) => void;
  readonly now?: () => number;
}

async function finish(versions: readonly AwaitedVersion[], run: Run) {
  const { deletesNow = false, isOfWholeClient = false, areAll = true, onSleep = () => undefined, now } = run;
  const out: string[] = [];
  const err: string[] = [];
  const sent: string[] = [];
  const interruption = new AbortController();
  let waitedMs = 0;
  const terminal: Terminal = {
    print: (line) => Promise.resolve(void out.push(line)),
    notice: (line) => err.push(line),
    redraw: () => undefined,
    ...{ isTerminal: true, columns: undefined, interruption: interruption.signal, environment: {} },
    ask: () => Promise.resolve(undefined),
  };
  const status = await finishErasures(
    { versions, areAll },
    {
      options: { deletesNow, isOfWholeClient, clientId: 'client-1', isJson: false },
      ...{ terminal, s3: new S3Client({}), claimsBucket: 'claims' },
      feed: { send: (bodies) => Promise.resolve(sent.push(...bodies) > 0) },
      ...(now && { now }),
      sleep: (ms) => {
        onSleep(waitedMs, () => {
          interruption.abort();
        });
        waitedMs += ms;
        return Promise.resolve();
      },
    },
  );
  return { status, out, err, sent, waitedMs };
}

beforeEach(() => {
  s3.reset();
  s3.on(GetObjectCommand).rejects(s3Failure(404, 'NoSuchKey'));
  s3.on(DeleteObjectCommand).resolves({});
});

describe('--delete-now', () => {
  it('deletes what is erased, gives up after five minutes, and says how to go on', async () => {
    isErased(one);
    const { status, out, err, waitedMs } = await finish([one, two], { deletesNow: true });
    expect(deleted()).toEqual(['version-1']);
    expect(waitedMs).toBe(300_000);
    expect(status).toBe(1);
    expect(out).toEqual(['Deleted from S3: 1 version.']);
    expect(err).toEqual([
      'Not erased yet: 1 version, so they are not deleted from S3. Run the same command again later. If this stays so, look at `live-photos redrive dead-letters --dry-run`.',
    ]);
  });

  it('waits until the last version is erased, and no longer', async () => {
    isErased(one);
    const { status, waitedMs } = await finish([one, two], {
      deletesNow: true,
      onSleep: (ms) => {
        if (ms >= 10_000) isErased(two);
      },
    });
    expect({ status, waitedMs }).toEqual({ status: 0, waitedMs: 15_000 });
    expect(deleted()).toEqual(['version-1', 'version-2']);
  });

  it('does not wait for a version that ComplyCube refused to erase, and never deletes it', async () => {
    isErased(one);
    isRefused(two);
    const { status, err, waitedMs } = await finish([one, two], { deletesNow: true });
    expect({ status, waitedMs }).toEqual({ status: 1, waitedMs: 0 });
    expect(deleted()).toEqual(['version-1']);
    expect(err).toEqual([expect.stringContaining('ComplyCube refused to delete the live photos of 1 version')]);
  });

  it('stops waiting when it is interrupted', async () => {
    const { status, waitedMs } = await finish([one], { deletesNow: true, onSleep: (_, interrupt) => interrupt() });
    expect(status).toBe(130);
    expect(waitedMs).toBeLessThan(1_000);
    expect(deleted()).toEqual([]);
  });

  it('gives up after five minutes, also if looking at many versions takes most of them', async () => {
    let nowMs = 0;
    const { status, waitedMs } = await finish([one, two], { deletesNow: true, now: () => (nowMs += 100_000) });
    expect(status).toBe(1);
    expect(waitedMs).toBe(1_000);
  });

  it.each([s3Failure(412, 'PreconditionFailed'), s3Failure(404, 'NoSuchKey'), s3Failure(404, 'NoSuchVersion')])(
    'goes on when a version is gone, or another photo has replaced it: %s',
    async (failure) => {
      const unversioned = { ...one, versionId: undefined };
      [unversioned, two].forEach(isErased);
      s3.on(DeleteObjectCommand).rejectsOnce(failure).resolves({});
      const { status, err } = await finish([unversioned, two], { deletesNow: true });
      expect({ status, err, deleted: deleted() }).toEqual({ status: 0, err: [], deleted: ['null', 'version-2'] });
    },
  );

  it('deletes the others when S3 refuses to delete one, and says so', async () => {
    [one, two].forEach(isErased);
    s3.on(DeleteObjectCommand).rejectsOnce(s3Failure(403, 'AccessDenied')).resolves({});
    const { status, out, err } = await finish([one, two], { deletesNow: true });
    expect({ status, out }).toEqual({ status: 1, out: ['Deleted from S3: 1 version.'] });
    expect(err).toEqual([expect.stringMatching(/^AWS does not allow this: .*not deleted from S3: 1 version\./)]);
    expect(deleted()).toEqual(['version-1', 'version-2']);
  });

  it('says that the erasures were sent when their ends can’t be read', async () => {
    s3.on(GetObjectCommand).rejects(s3Failure(403, 'AccessDenied'));
    const { status, sent, err } = await finish([one], { deletesNow: true, isOfWholeClient: true });
    expect({ status, sent }).toEqual({ status: 1, sent: [] });
    expect(err).toEqual([expect.stringContaining('The erasures were sent. Run the same command again.')]);
    expect(deleted()).toEqual([]);
  });

  it('never finishes with success when there were more versions than one run deletes', async () => {
    isErased(one);
    const { status, err } = await finish([one], { deletesNow: true, areAll: false });
    expect({ status, err }).toEqual({ status: 1, err: [expect.stringContaining('More versions may be left')] });
  });
});

describe('--all-of-client', () => {
  it.each<[string, Run, () => void]>([
    ['a version is not erased in time', {}, () => isErased(one)],
    ['it is interrupted', { onSleep: (_, interrupt) => interrupt() }, () => isErased(one)],
    ['there were more versions than one run waits for', { areAll: false }, () => [one, two].forEach(isErased)],
  ])('requests nothing for the client when %s', async (_, run, arrange) => {
    arrange();
    const { status, sent, err } = await finish([one, two], { ...run, isOfWholeClient: true });
    expect(sent).toEqual([]);
    expect(status).not.toBe(0);
    expect(err).toEqual([expect.stringContaining('Run the same command again later.')]);
  });

  it('requests it once when every version is erased, or refused', async () => {
    isErased(one);
    isRefused(two);
    const { sent } = await finish([one, two], { isOfWholeClient: true });
    expect(sent.map((body) => JSON.parse(body) as object)).toEqual([
      {
        complycubeClientErasure: 1,
        clientId: 'client-1',
        requestId: expect.any(String),
        requestedAt: expect.any(String),
      },
    ]);
    expect(deleted()).toEqual([]);
  });
});
