/**
 * The program in an execution environment. For a function it behaves like Lambda's Node.js runtime.
 *
 * It loads the handler `_HANDLER` from `LAMBDA_TASK_ROOT` and processes invocations from the Runtime API at
 * `AWS_LAMBDA_RUNTIME_API` (Lambda developer guide, "Using the Lambda runtime API for custom runtimes").
 *
 * If the event loop is empty before the handler responds, the response is `null`, which is a success. Lambda's runtimes up to
 * Node.js 22 do the same (aws-lambda-nodejs-runtime-interface-client, `setDefaultExitListener`); later ones fail the invocation.
 * `null` is the more dangerous case: SQS then deletes the batch.
 */
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { clockShiftVariable, shiftClock } from './clock-shift';

type Handler = (event: unknown, context: object) => Promise<unknown>;

interface RuntimeAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function main(): Promise<void> {
  shiftClock(Number(process.env[clockShiftVariable] ?? 0));
  let handler: Handler;
  try {
    handler = loadHandler();
  } catch (error) {
    await call('POST', '/init/error', describe(error));
    process.exit(1);
  }
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    const requestId = String(headers['lambda-runtime-aws-request-id']);
    try {
      const answer = await Promise.race([handler(JSON.parse(body), contextOf(requestId, headers)), emptyLoop()]);
      await call('POST', `/invocation/${requestId}/response`, answer);
    } catch (error) {
      await call('POST', `/invocation/${requestId}/error`, describe(error));
    }
  }
}

/** Resolves with `null` when the event loop is empty. */
function emptyLoop(): Promise<null> {
  return new Promise((resolve) => {
    onEmptyLoop = () => {
      resolve(null);
    };
  });
}

let onEmptyLoop = (): void => undefined;
process.on('beforeExit', () => {
  onEmptyLoop();
});

function loadHandler(): Handler {
  const [file = '', name = ''] = setting('_HANDLER').split('.');
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the file's name is only known at run time
  const exported = (require(join(setting('LAMBDA_TASK_ROOT'), file)) as Record<string, unknown>)[name];
  if (typeof exported !== 'function') throw new Error(`${file} exports no function ${name}`);
  return exported as Handler;
}

function contextOf(requestId: string, headers: IncomingHttpHeaders): object {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  // The remaining time uses Lambda's clock, which is not shifted.
  const lambdaNow = (): number => Date.now() - Number(process.env[clockShiftVariable] ?? 0);
  return {
    awsRequestId: requestId,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: setting('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: setting('AWS_LAMBDA_FUNCTION_VERSION'),
    logGroupName: setting('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: setting('AWS_LAMBDA_LOG_STREAM_NAME'),
    memoryLimitInMB: setting('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - lambdaNow()),
  };
}

function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<RuntimeAnswer> {
  const url = `http://${setting('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime${path}`;
  return new Promise((resolve, reject) => {
    // No keep-alive: the server may close an idle connection while this process is busy or frozen.
    const call = request(url, { method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ headers: response.headers, body: text });
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function describe(error: unknown): { errorType: string; errorMessage: string } {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: 'Error', errorMessage: 'a value that is not an Error was thrown' };
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

// On a terminal, Ctrl-C also reaches this process. Its parent decides when it ends.
process.on('SIGINT', () => undefined);

main().catch(() => {
  process.exit(1); // the Runtime API is unavailable, so nothing can be reported
});
