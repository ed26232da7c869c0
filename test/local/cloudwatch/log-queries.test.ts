import { beforeAll, describe, expect, it } from '@jest/globals';
import { clientId, jpeg, synthesizeForRuns, WatchedRun } from './watched-run';

type Line = Readonly<Record<string, unknown>>;

describe('the function’s log of a run', () => {
  const stack = synthesizeForRuns();
  const lines: Line[] = [];
  const queries = savedQueries(stack.template.Resources);
  let versionId: string;

  beforeAll(async () => {
    const run = await WatchedRun.start(stack, {
      onLogLine: (line) => lines.push(JSON.parse(line) as Line),
    });
    try {
      run.complyCube.fault({ fault: 'status', status: 500 });
      versionId = await run.put('tried again.jpg');
      await run.put('too small.jpg', jpeg.subarray(0, 1_000));
      await run.counted('PhotosUploaded', 1);
      await run.counted('PhotosRejected', 1);
    } finally {
      await run.stop();
    }
  });

  const ofPhoto = (): Line[] => lines.filter(({ key }) => key === 'tried again.jpg');

  it('has one summary per delivery of a photo, with the IDs of message, version, invocation and ComplyCube’s requests', () => {
    expect(ofPhoto()).toHaveLength(2);
    for (const line of ofPhoto()) {
      expect(line).toMatchObject({
        level: expect.stringMatching(/^(WARN|INFO)$/),
        versionId,
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        apiCalls: expect.arrayContaining([expect.objectContaining({ requestId: expect.any(String) })]),
      });
    }
    expect(new Set(ofPhoto().map(({ messageId }) => messageId)).size).toBe(1);
    expect(ofPhoto().map(({ receives, status }) => [receives, status])).toEqual([
      [1, undefined],
      [2, 'uploaded'],
    ]);
  });

  it('has one summary per batch, with the same request ID as its photos', () => {
    const batches = lines.filter(({ message }) => message === 'batch processed');
    const ids = batches.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(ofPhoto().map(({ requestId }) => requestId)));
  });

  it('contains every field that the saved queries use', () => {
    expect(Object.keys(queries)).toEqual([
      'LivePhotos/Uploader/Find one photo',
      'LivePhotos/Uploader/Rejections by reason',
      'LivePhotos/Uploader/Slowest uploads',
    ]);
    for (const [name, query] of Object.entries(queries)) {
      const missing = fieldsOf(query).filter((field) => !lines.some((line) => valueAt(line, field) !== undefined));
      expect([name, missing]).toEqual([name, []]);
    }
  });

  it('contains no client ID', () => {
    expect(JSON.stringify(lines)).not.toContain(clientId);
  });
});

function savedQueries(resources: Readonly<Record<string, { Type: string; Properties?: unknown }>>) {
  const definitions = Object.values(resources).filter(({ Type }) => Type === 'AWS::Logs::QueryDefinition');
  return Object.fromEntries(
    definitions.map(({ Properties }) => {
      const { Name, QueryString } = Properties as { Name: string; QueryString: string };
      return [Name, QueryString];
    }),
  );
}

/** The fields that a query displays, filters, groups or sorts by. */
function fieldsOf(query: string): string[] {
  const made = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  return query.split('\n| ').flatMap((command) => {
    const [, fields] = /^fields (.*)$/.exec(command) ?? [];
    const [, one] = /^(?:filter|sort|stats .* by) ([\w.@]+)/.exec(command) ?? [];
    return [...(fields?.split(', ') ?? []), ...(one === undefined ? [] : [one])].filter(
      // CloudWatch provides the fields that start with @.
      (field) => !field.startsWith('@') && !made.includes(field),
    );
  });
}

/** Insights flattens JSON: `apiCalls.0.requestId`. */
function valueAt(line: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Line | undefined)?.[name], line);
}
