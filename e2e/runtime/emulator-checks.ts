import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import { type Checks, failAndRecover, sendEveryOutcome } from './checks';
import { RuntimeEmulator } from './emulator';
import { eraseUploadedPhoto } from './erasure-check';
import { expectFailure } from './expectations';
import type { Invoke, RuntimeUnderTest } from './runtime-under-test';
import { neverEnds, neverSettles, withTinyFunction } from './tiny-function';

/** The checks behind AWS's runtime interface emulator, in their order. Each starts an emulator. */
export function emulatorChecks(runtime: RuntimeUnderTest, path: string): Checks {
  const { client, takeLine, pipeline } = runtime;
  const bundle = pipeline.function;
  const behind = async (definition: LocalFunction, check: (invoke: Invoke) => Promise<string>): Promise<string> => {
    const emulator = await RuntimeEmulator.start(path, definition, { client, onLogLine: takeLine });
    try {
      return await check(emulator.invoke);
    } finally {
      await emulator.stop();
    }
  };
  return {
    'a batch with every outcome': () => behind(bundle, (invoke) => sendEveryOutcome(runtime, invoke)),
    'an erasure': () => behind(bundle, (invoke) => eraseUploadedPhoto(runtime, invoke)),
    'a handler error': () => behind(bundle, failAndRecover),
    'a promise that never settles': () =>
      withTinyFunction(bundle, neverSettles, (tiny) => behind(tiny, (invoke) => expectFailure(invoke({})))),
    'a handler that never ends': () =>
      withTinyFunction(bundle, neverEnds, (tiny) =>
        behind(tiny, (invoke) => expectFailure(invoke({}), 'Task timed out after 2.00 seconds')),
      ),
  };
}
