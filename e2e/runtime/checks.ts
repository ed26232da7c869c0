import { environmentNames } from '../../contract/environment';
import type { PhotoToPut } from '../../local/start/photo-run';
import { makeSampleSet } from '../../local/start/sample-set';
import { CheckError, type StepReport } from '../steps';
import { eraseUploadedPhoto } from './erasure-check';
import { expectEqual, expectFailure } from './expectations';
import { expectCloudWatchLines } from './log-lines';
import { hungKey, type Invoke, type RuntimeUnderTest } from './runtime-under-test';
import { neverEnds, neverSettles, withTinyFunction } from './tiny-function';

/** A check by its name. It returns what it saw. */
export type Checks = Readonly<Record<string, () => Promise<string>>>;

const malformedMessage = 'this is no event';

/** The checks of the function on AWS's runtime client, in their order. The last one reads the lines that the others made it print. */
export function clientChecks(runtime: RuntimeUnderTest): Checks {
  const { pipeline } = runtime;
  const bundle = pipeline.function;
  return {
    'a batch with every outcome': () => sendEveryOutcome(runtime, pipeline.invoke),
    'an erasure': () => eraseUploadedPhoto(runtime, pipeline.invoke),
    'a handler error': () => failAndRecover(pipeline.invoke),
    'a missing variable': async () => {
      const variables = { ...bundle.variables, [environmentNames.photoBucket]: '' };
      // Node prints why the process ends, which is no JSON, on Lambda too.
      const ignoreLine = (): void => undefined;
      return expectFailure(
        runtime.invokeOnce({ ...bundle, variables }, { Records: [] }, ignoreLine),
        `EnvironmentError: The environment variable ${environmentNames.photoBucket} is not set`,
      );
    },
    'a call that hangs': () => hangCall(runtime),
    'a promise that never settles': () =>
      withTinyFunction(bundle, neverSettles, (tiny) =>
        expectFailure(runtime.invokeOnce(tiny, {}), "the function's process ended (0)"),
      ),
    'a handler that never ends': () =>
      withTinyFunction(bundle, neverEnds, (tiny) =>
        expectFailure(runtime.invokeOnce(tiny, {}), 'the function timed out after 2000 ms'),
      ),
    'log lines and metrics': () => Promise.resolve(expectCloudWatchLines(runtime.lines)),
  };
}

/** An event that is no batch makes the handler throw. */
export async function failAndRecover(invoke: Invoke): Promise<string> {
  const message = await expectFailure(invoke({}));
  expectEqual(await invoke({ Records: [] }), { batchItemFailures: [] }, 'the response to the next invocation');
  return `${message}; the next invocation succeeds`;
}

/** Sends a photo for each outcome, and a message that is no event. The first invocation receives ten and draws the others. */
export async function sendEveryOutcome(runtime: RuntimeUnderTest, invoke: Invoke): Promise<string> {
  const { sqs, deployment } = runtime.pipeline;
  const deadBefore = sqs.depth(deployment.deadLetterQueueArn).ready;
  const linesBefore = runtime.lines.length;
  const photos = makeSampleSet();
  const results = await runtime.send(photos, invoke, [malformedMessage]);
  const wrong = results.filter(({ isAsExpected }) => !isAsExpected);
  if (wrong.length > 0) {
    throw new CheckError(wrong.map(({ key, status, detail }) => `${key}: ${status} ${detail ?? ''}`).join('\n'));
  }
  const dead = sqs.depth(deployment.deadLetterQueueArn).ready - deadBefore;
  expectEqual(dead, 1, 'the number of dead-lettered messages');
  const drawn = /"drawn":(\d+)/.exec(runtime.lines.slice(linesBefore).join('\n'))?.[1];
  if (drawn === undefined) throw new CheckError('no invocation drew messages');
  return `${results.length} as expected, ${dead} malformed neighbour dead-lettered, ${drawn} drawn`;
}

/** The function ends a hung call before its own timeout, so the batch is answered, and the photo is uploaded later. */
async function hangCall(runtime: RuntimeUnderTest): Promise<string> {
  const { pipeline, standIn } = runtime;
  standIn.standIn.fault({ fault: 'hang', for: 'POST /livePhotos' });
  const variables = { ...pipeline.function.variables, [environmentNames.callTimeoutMs]: '3000' };
  const responses: unknown[] = [];
  const invoke = async (event: unknown): Promise<unknown> => {
    const isFirst = responses.length === 0;
    const response = isFirst
      ? await runtime.invokeOnce({ ...pipeline.function, variables, timeoutMs: hangTimeoutMs }, event)
      : await pipeline.invoke(event);
    responses.push(response);
    return response;
  };
  const [photo] = await runtime.send([photoToHang()], invoke);
  const [first] = responses as { batchItemFailures: unknown[] }[];
  expectEqual(first?.batchItemFailures.length, 1, 'the number of failures in the first response');
  expectEqual(photo?.status, 'uploaded', 'the outcome');
  return `the batch is answered before the timeout of ${hangTimeoutMs / 1000} s, and the photo is uploaded later`;
}

/** The function reserves 10 s of it for its answer, and 5 s to release the photo's claim. The call has 3 s. */
const hangTimeoutMs = 20_000;

function photoToHang(): PhotoToPut {
  const [photo] = makeSampleSet().filter(({ key }) => key === hungKey);
  if (photo === undefined) throw new Error('The sample set has changed');
  return { ...photo, key: 'portraits/hung.jpg' };
}

/** The report of a step from what a check saw. */
export async function reportOf(check: () => Promise<string>): Promise<StepReport<undefined>> {
  return { result: await check(), value: undefined };
}
