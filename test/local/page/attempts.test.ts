import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeJpeg } from 'sample-photos/jpeg';
import { metadataNames } from '../../../contract/photo-rules';
import { FaultSwitchSet } from '../../../local/page/fault-switches';
import { PhotoTracker } from '../../../local/page/photo-tracker';
import { connectToS3, type LocalPipeline, startPipeline } from '../../../local/pipeline/pipeline';
import { startStandIn, type StandInChoice } from '../../../local/start/choose-complycube';
import { sampleClientId } from '../../../local/start/sample-set';
import type { PhotoProgress } from '../../../page/photo-progress';
import { until } from '../../until';

let complyCube: StandInChoice;
let pipeline: LocalPipeline;
let faults: FaultSwitchSet;
const tracker = new PhotoTracker();

beforeAll(async () => {
  complyCube = await startStandIn(false);
  complyCube.standIn.onLivePhoto(tracker.livePhoto);
  faults = new FaultSwitchSet(complyCube.standIn);
  pipeline = await startPipeline({
    complyCube: complyCube.access,
    waitSpeed: 3_000,
    s3: { faultAfter: tracker.s3Request },
    onNotification: tracker.notification,
    onLogLine: tracker.logLine,
  });
});
afterAll(async () => {
  await pipeline.stop();
  await complyCube.close();
});

const photo = (key: string): PhotoProgress | undefined => tracker.recent.find((one) => one.key === key);
const reasonsOf = (key: string): string[] => photo(key)?.retries.map(({ why }) => why) ?? [];

/** Puts the same photo under a key, and waits until an attempt has failed. */
async function putUntilRetried(key: string): Promise<void> {
  const s3 = connectToS3(pipeline);
  const Body = makeJpeg({ bytes: 40_000, seed: 1 });
  const Metadata = { [metadataNames.clientId]: sampleClientId };
  await s3.send(new PutObjectCommand({ Bucket: pipeline.deployment.photoBucket, Key: key, Body, Metadata }));
  s3.destroy();
  await until(() => reasonsOf(key).length > 0);
}

it('the page names what ComplyCube answered to each attempt when the same bytes are sent under 429, then under 503', async () => {
  faults.set('too-many-requests', true);
  await putUntilRetried('first.jpg');
  faults.set('too-many-requests', false);
  await until(() => photo('first.jpg')?.outcome !== undefined);
  faults.set('outage', true);
  await putUntilRetried('second.jpg');
  faults.set('outage', false);
  await until(() => photo('second.jpg')?.outcome !== undefined);

  const answered = (status: number) => expect.stringContaining(`answered ${status}`) as unknown;
  expect(reasonsOf('first.jpg')).toEqual(reasonsOf('first.jpg').map(() => answered(429)));
  expect(reasonsOf('second.jpg')).toEqual(reasonsOf('second.jpg').map(() => answered(503)));
  // The second photo has the bytes of the first one, and its own attempt may have reached ComplyCube.
  expect(photo('first.jpg')?.outcome).toMatchObject({ status: 'uploaded', isAdopted: false });
  expect(photo('second.jpg')?.outcome).toMatchObject({ status: 'uploaded', isAdopted: true });
});
