import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import { environmentNames } from '../../contract/environment';
import { expectEqual } from './expectations';
import type { Invoke } from './host';
import type { RuntimeUnderTest } from './runtime-under-test';
import { withTemporaryFile } from './temporary-file';
import { uniquePhoto } from './unique-photo';

/** The function's timeout. It reserves 10 s for its answer, and 5 s to release the photo's claim. A call may take 3 s. */
const timeoutMs = 25_000;

/** The function with a short timeout. */
function impatient(definition: LocalFunction, variables: Readonly<Record<string, string>> = {}): LocalFunction {
  const callTimeout = { [environmentNames.callTimeoutMs]: '3000' };
  return { ...definition, timeoutMs, variables: { ...definition.variables, ...callTimeout, ...variables } };
}

/** The function ends a hung call before its own timeout, so the batch is answered, and the photo is uploaded later. */
export function hangCall(runtime: RuntimeUnderTest): Promise<string> {
  const { pipeline, complyCube } = runtime.servers;
  return runtime.run(impatient(pipeline.function), async (invoke) => {
    complyCube.standIn.fault({ fault: 'hang', for: 'POST /livePhotos' });
    const ends: unknown[] = [];
    const [photo] = await runtime.send([uniquePhoto('portraits/hung.jpg')], recordEnds(invoke, ends));
    expectEqual(ends[0], 1, 'the end of the first invocation');
    expectEqual(photo?.status, 'uploaded', 'the outcome');
    return `the batch is answered before the timeout of ${timeoutMs / 1000} s, and the photo is uploaded later`;
  });
}

/** Records how each invocation ends: the number of failures in its response, or its error's message. */
function recordEnds(invoke: Invoke, ends: unknown[]): Invoke {
  return async (event) => {
    try {
      const response = (await invoke(event)) as { readonly batchItemFailures: readonly unknown[] };
      ends.push(response.batchItemFailures.length);
      return response;
    } catch (error) {
      ends.push((error as Error).message);
      throw error;
    }
  };
}

/** A file that Node loads before the runtime client. It writes the ID of the function's process into a file next to it. */
const idWriter = `require('node:fs').writeFileSync(__filename + '.id', String(process.pid));`;

/**
 * The function is killed at its timeout, after ComplyCube stored a photo and before the function received the answer. The next
 * delivery finds the live photo. All work of the function has a limit, so only a stopped process reaches the timeout.
 */
export function killDuringUpload(runtime: RuntimeUnderTest): Promise<string> {
  const { host, servers } = runtime;
  const { standIn } = servers.complyCube;
  return withTemporaryFile('id-writer.cjs', idWriter, (path) => {
    const variables = {
      NODE_OPTIONS: `--require "${path}"`,
      // The claim's lease is slightly longer. It expires before the kill, so the next delivery does not wait for it.
      [environmentNames.photoDeadlineMs]: '15000',
    };
    return runtime.run(impatient(servers.pipeline.function, variables), async (invoke) => {
      const photo = uniquePhoto('portraits/killed.jpg');
      const sha256 = createHash('sha256').update(photo.bytes).digest('hex');
      let isStopped = false;
      standIn.onLivePhoto((stored) => {
        if (isStopped || stored.sha256 !== sha256) return;
        isStopped = true;
        process.kill(Number(readFileSync(`${path}.id`, 'utf8')), 'SIGSTOP');
      });
      const ends: unknown[] = [];
      const [result] = await runtime.send([photo], recordEnds(invoke, ends));
      expectEqual(ends[0], host.timeoutMessage(timeoutMs), 'the end of the first invocation');
      expectEqual(result?.status, 'uploaded', 'the outcome');
      const livePhotos = standIn.livePhotos.filter((livePhoto) => livePhoto.sha256 === sha256);
      expectEqual(
        livePhotos.map(({ id }) => id),
        [result?.livePhotoId],
        'the list of live photos',
      );
      return `${String(ends[0])}; delivery ${String(result?.deliveries)} finds the only live photo, and tags the photo with its ID`;
    });
  });
}
