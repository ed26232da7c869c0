import { environmentNames } from '../../contract/environment';
import { makeSampleSet } from '../../local/start/sample-set';
import { CheckError } from '../steps';
import { eraseUploadedPhoto } from './erasure-check';
import { expectEqual, expectFailure } from './expectations';
import type { Invoke } from './host';
import { hangCall, killDuringUpload } from './interrupted-uploads';
import { expectCloudWatchLines } from './log-lines';
import type { RuntimeUnderTest } from './runtime-under-test';
import { neverEnds, neverSettles, tinyTimeoutMs, withTinyFunction } from './tiny-function';

/** The checks by their names, in their order. Each returns what it saw. The last check reads the log lines of the earlier ones. */
export function checksOf(runtime: RuntimeUnderTest): Readonly<Record<string, () => Promise<string>>> {
  const { host, servers } = runtime;
  const bundle = servers.pipeline.function;
  return {
    'a batch with every outcome': () => runtime.run(bundle, (invoke) => sendEveryOutcome(runtime, invoke)),
    'an erasure': () => runtime.run(bundle, (invoke) => eraseUploadedPhoto(runtime, invoke)),
    'a handler error': () => runtime.run(bundle, failAndRecover),
    'a missing variable': () => {
      const variables = { ...bundle.variables, [environmentNames.photoBucket]: '' };
      const message = `EnvironmentError: The environment variable ${environmentNames.photoBucket} is not set`;
      return runtime.run(
        { ...bundle, variables },
        (invoke) => expectFailure(invoke({ Records: [] }), message),
        // Node prints why the process ends, which is no JSON, on Lambda too.
        () => undefined,
      );
    },
    'a call that hangs': () => hangCall(runtime),
    'a kill during an upload': () => killDuringUpload(runtime),
    'a promise that never settles': () =>
      withTinyFunction(bundle, neverSettles, (tiny) =>
        runtime.run(tiny, (invoke) => expectFailure(invoke({}), host.endedMessage)),
      ),
    'a handler that never ends': () =>
      withTinyFunction(bundle, neverEnds, (tiny) =>
        runtime.run(tiny, (invoke) => expectFailure(invoke({}), host.timeoutMessage(tinyTimeoutMs))),
      ),
    'log lines and metrics': () => Promise.resolve(expectCloudWatchLines(runtime.lines)),
  };
}

/** An event that is no batch makes the handler throw. */
async function failAndRecover(invoke: Invoke): Promise<string> {
  const message = await expectFailure(invoke({}));
  expectEqual(await invoke({ Records: [] }), { batchItemFailures: [] }, 'the response to the next invocation');
  return `${message}; the next invocation succeeds`;
}

/**
 * Sends a photo for each outcome, and a message that is no event. S3 does not answer one request. The first invocation receives ten
 * messages and draws the others.
 */
async function sendEveryOutcome(runtime: RuntimeUnderTest, invoke: Invoke): Promise<string> {
  const { sqs, deployment } = runtime.servers.pipeline;
  const deadBefore = sqs.depth(deployment.deadLetterQueueArn).ready;
  const linesBefore = runtime.lines.length;
  runtime.servers.hangTags('portraits/smallest.jpg');
  const results = await runtime.send(makeSampleSet(), invoke, ['this is no event']);
  expectEqual(runtime.servers.waitingHangs, 0, 'the number of requests that should have hung and did not come');
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
