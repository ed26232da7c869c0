import { GetObjectCommand, GetObjectTaggingCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { environmentNames } from '../../../contract/environment';
import { isQuiet } from '../../../local/chaos/chaos-run';
import { type ChaosWorld, startWorld } from '../../../local/chaos/world/chaos-world';
import { PhotoBytes } from '../../../local/chaos/world/photo-bytes';
import { plainPhoto, type PlannedPhoto } from '../../../local/chaos/plan/photo-plan';
import { drawPlan, type Plan } from '../../../local/chaos/plan/plan';
import { readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics';
import { synthesizeForRuns } from '../cloudwatch/watched-run';
import { until } from '../../until';
import { findKeyLeaks, findPhotoLeaks, unescaped, WrittenText } from './leaks';

const photoCount = 20;
const plan: Plan = drawPlan(7, photoCount);
/** Put after all others, when no process is killed any more: its refusal is certainly logged. */
const lastPhoto = plainPhoto(plan.seed, 'late/refused.jpg');
const photos: readonly PlannedPhoto[] = [
  ...plan.photos.flatMap((photo) => [photo, photo.interference?.successor ?? photo]),
  lastPhoto,
];
const settings = { hasClaims: true, speed: 1_000, requestsPerSecond: 40 };
/** The names of rotated keys in a chaos run. A run of this length uses fewer. */
const keys = [1, 2, 3, 4].map((number) => `live_key_${number}`);

/** Everything that a run wrote. */
interface Written {
  readonly logLines: string[];
  readonly errors: string[];
  readonly tags: string[];
  readonly events: string[];
  readonly metrics: string[];
  readonly claims: string[];
}

describe('a whole chaos run', () => {
  const stack = synthesizeForRuns();
  const written: Written = { logLines: [], errors: [], tags: [], events: [], metrics: [], claims: [] };
  const pictures = new PhotoBytes();

  beforeAll(async () => {
    const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      written.errors.push(String(chunk));
      return true;
    });
    const world = await startWorld(plan, settings, {
      stack,
      onLogLine: (line) => written.logLines.push(line),
      onError: (error) => written.errors.push(`${error.stack ?? ''} ${JSON.stringify(error)}`),
      signal: new AbortController().signal,
    });
    try {
      for (const photo of plan.photos.slice(0, 4)) quoteWhatWasSent(photo, world, pictures);
      world.app.start(plan);
      await until(() => isQuiet(world));
      world.complyCube.clearFaults();
      quoteWhatWasSent(lastPhoto, world, pictures);
      world.app.putLate(lastPhoto);
      await until(() => isQuiet(world));
      await gather(world, written);
    } finally {
      await world.stop();
      stderr.mockRestore();
    }
  });

  const textOf = (...names: (keyof Written)[]): WrittenText => {
    const lines = names.flatMap((name) => written[name]);
    return new WrittenText([...lines, ...lines.map(unescaped)].join('\n'));
  };
  const everything = (): WrittenText => textOf('logLines', 'errors', 'tags', 'events', 'metrics', 'claims');

  it('wrote output of every kind about uploaded, rejected and retried photos', () => {
    expect(Object.entries(written).filter(([, lines]: [string, string[]]) => lines.length === 0)).toEqual([]);
    for (const message of ['photo object uploaded', 'photo object rejected', 'photo object is retried']) {
      expect(written.logLines.some((line) => line.includes(message))).toBe(true);
    }
    expect(written.logLines.some((line) => line.includes('This photo is refused'))).toBe(true);
  });

  it('wrote no bytes of a photo', () => {
    const text = everything();
    const leaks = photos.flatMap((photo) =>
      findPhotoLeaks(text, pictures.make(photo)).map((leak) => [photo.key, leak]),
    );
    expect(leaks).toEqual([]);
  });

  it('wrote no part of a key', () => {
    const text = everything();
    expect(keys.flatMap((key) => findKeyLeaks(text, key))).toEqual([]);
  });

  it('wrote complete client IDs only to events', () => {
    const clientIds = [...new Set(photos.map(({ clientId }) => clientId))];
    const { text } = textOf('logLines', 'errors', 'tags', 'metrics', 'claims');
    expect(clientIds.filter((clientId) => text.includes(clientId))).toEqual([]);
    const events = textOf('events').text;
    expect(clientIds.filter((clientId) => events.includes(clientId)).length).toBeGreaterThan(photoCount / 2);
  });
});

/** Refuses a photo with the worst possible message, which contains client, photo and key. */
function quoteWhatWasSent(photo: PlannedPhoto, { complyCube }: ChaosWorld, pictures: PhotoBytes): void {
  const { clientId } = photo;
  const data = pictures.make(photo).toString('base64');
  const message = `This photo is refused: ${keys[0] ?? ''} ${clientId} ${data.slice(0, 60)} (${data.slice(20_001, 20_061)})`;
  complyCube.fault(
    { fault: 'status', status: 422, message, for: 'POST /livePhotos', count: null },
    (request) => request.clientId === clientId,
  );
}

async function gather({ app, s3, pipeline }: ChaosWorld, written: Written): Promise<void> {
  const { photoBucket: Bucket, function: deployed } = pipeline.deployment;
  for (const { photo, versionId } of app.putPhotos) {
    const command = new GetObjectTaggingCommand({ Bucket, Key: photo.key, VersionId: versionId });
    // Some versions were deleted.
    const { TagSet = [] } = await s3.send(command).catch(() => ({ TagSet: [] }));
    written.tags.push(...TagSet.map((tag) => JSON.stringify(tag)));
  }
  const claimsBucket = deployed.variables[environmentNames.claimsBucket] ?? '';
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: claimsBucket }));
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: claimsBucket, Key }));
    written.claims.push(Key, (await Body?.transformToString()) ?? '');
  }
  written.events.push(...pipeline.eventBridge.events.map((event) => JSON.stringify(event)));
  written.metrics.push(...written.logLines.flatMap(readEmbeddedMetrics).map((metric) => JSON.stringify(metric)));
}
