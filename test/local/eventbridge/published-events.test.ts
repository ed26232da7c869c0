import { beforeAll, describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import schema from '../../../docs/outcome-event.schema.json';
import type { PublishedEvent } from 'local-aws/eventbridge/server';
import { clientId, jpeg, synthesizeForRuns, WatchedRun } from '../cloudwatch/watched-run';
import { until } from '../../until';
import { matchesPattern } from './event-pattern';

const guide = readFileSync(join(__dirname, '../../../docs/app-developers.md'), 'utf8');
const validate = new Ajv2020().compile(schema);

describe('the events of a run', () => {
  const stack = synthesizeForRuns();
  let events: readonly PublishedEvent[];
  let bucket: string;
  let versionId: string;

  beforeAll(async () => {
    const run = await WatchedRun.start(
      stack,
      {},
      {
        // The photo is deleted before the function receives ComplyCube's answer.
        onLivePhoto: ({ clientId: whose }) => {
          if (whose === deletedClientId) void whileFunctionIsFrozen(run, deletePhoto);
        },
      },
    );
    ({ events } = run.watched.pipeline.eventBridge);
    ({ photoBucket: bucket } = run.watched.pipeline.deployment);
    let putting: Promise<string> | undefined;
    const deletePhoto = async (): Promise<void> => {
      await run.delete('deleted.jpg', (await putting) ?? '');
    };
    try {
      versionId = await run.put('uploaded.jpg');
      await run.put('rejected.jpg', jpeg.subarray(0, 1_000));
      putting = run.put('deleted.jpg', jpeg, { 'client-id': deletedClientId });
      await putting;
      // The event about missing tags follows the event about the outcome.
      await until(() => new Set(events.map(({ detailType }) => detailType)).size === 3);
    } finally {
      await run.stop();
    }
  });

  /** The last event about a photo object, in the form that rules match. */
  const envelopeOf = (key: string) => {
    const event = events.findLast(({ detail }) => detail['key'] === key);
    return { source: event?.source, 'detail-type': event?.detailType, detail: event?.detail };
  };

  it('are one of each type, with all details', () => {
    const object = { bucket, eTag: expect.any(String), versionId: expect.any(String) };
    expect(envelopeOf('uploaded.jpg')).toEqual({
      source: 'complycube.live-photos',
      'detail-type': 'Live Photo Uploaded',
      detail: { ...object, key: 'uploaded.jpg', versionId, clientId, livePhotoId: expect.any(String) },
    });
    expect(envelopeOf('rejected.jpg')).toMatchObject({
      'detail-type': 'Live Photo Rejected',
      detail: { ...object, clientId, reason: 'too-small' },
    });
    expect(envelopeOf('deleted.jpg')).toMatchObject({
      'detail-type': 'Live Photo Uploaded But Not Tagged',
      detail: { ...object, clientId: deletedClientId, livePhotoId: expect.any(String) },
    });
  });

  it('match the published schema', () => {
    for (const { detail } of events) {
      validate(detail);
      expect(validate.errors).toBeNull();
    }
  });

  it('match the documented example rule if the photo was uploaded, not if it was rejected', () => {
    const [, text = ''] = /--event-pattern '(.*?)'/s.exec(guide) ?? [];
    const pattern = JSON.parse(text.replace('PHOTO_BUCKET', bucket)) as Record<string, unknown>;
    expect(Object.keys(pattern)).toEqual(['source', 'detail-type', 'detail']);
    expect(matchesPattern(pattern, envelopeOf('uploaded.jpg'))).toBe(true);
    expect(matchesPattern(pattern, envelopeOf('deleted.jpg'))).toBe(true);
    expect(matchesPattern(pattern, envelopeOf('rejected.jpg'))).toBe(false);
    const elsewhere = JSON.parse(text) as Record<string, unknown>;
    expect(matchesPattern(elsewhere, envelopeOf('uploaded.jpg'))).toBe(false);
  });
});

const deletedClientId = '5eb1276d96be4a0008dede7e';

/** Runs an action while the function's processes are paused. */
async function whileFunctionIsFrozen(run: WatchedRun, work: () => Promise<void>): Promise<void> {
  const processIds = [...run.watched.pipeline.functionProcessIds];
  for (const processId of processIds) process.kill(processId, 'SIGSTOP');
  try {
    await work();
  } finally {
    for (const processId of processIds) process.kill(processId, 'SIGCONT');
  }
}
