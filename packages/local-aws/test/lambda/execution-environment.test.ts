import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExecutionEnvironment, InvocationError, type LocalFunction } from '../../src/lambda/execution-environment';
import { FunctionFolder, isFrozen, isRunning } from './function-under-test';
import { until } from '../until';

describe('an execution environment', () => {
  let folder: FunctionFolder;
  let environment: ExecutionEnvironment;

  beforeAll(() => {
    folder = new FunctionFolder();
  });
  afterEach(() => environment.stop());
  afterAll(() => {
    folder.remove();
  });

  const start = (code: string, settings?: Partial<LocalFunction>): ExecutionEnvironment =>
    (environment = new ExecutionEnvironment(folder.write(code, settings), folder.options));

  describe('whose function succeeds', () => {
    it('returns the function’s response', async () => {
      start('exports.handler = async (event) => ({ received: event });');
      expect(await environment.invoke({ Records: ['é'] })).toEqual({ received: { Records: ['é'] } });
    });

    it('returns null if the function returns nothing', async () => {
      start('exports.handler = async () => {};');
      expect(await environment.invoke({})).toBeNull();
    });

    it('returns null if the event loop is empty before the function responds, and can run again', async () => {
      start('exports.handler = ({ ends }) => (ends ? Promise.resolve("done") : new Promise(() => {}));');
      expect(await environment.invoke({})).toBeNull();
      expect(await environment.invoke({})).toBeNull();
      expect(await environment.invoke({ ends: true })).toBe('done');
    });

    it.each([60_000, -60_000])('has a clock that is shifted by %d ms, but the same remaining time', async (shiftMs) => {
      const code = `exports.handler = async (event, context) => [Date.now(), context.getRemainingTimeInMillis()];`;
      const definition = folder.write(code, { timeoutMs: 7_000 });
      environment = new ExecutionEnvironment(definition, { ...folder.options, clockShiftMs: () => shiftMs });
      const startedAt = Date.now();
      const [now = 0, remainingMs] = (await environment.invoke({})) as number[];
      expect(now - shiftMs).toBeGreaterThanOrEqual(startedAt);
      expect(now - shiftMs).toBeLessThanOrEqual(Date.now());
      expect(remainingMs).toBeGreaterThan(0);
      expect(remainingMs).toBeLessThanOrEqual(7_000);
    });

    it('keeps the function’s memory between invocations', async () => {
      start('let invocations = 0; exports.handler = async () => ++invocations;');
      expect([await environment.invoke({}), await environment.invoke({}), await environment.invoke({})]).toEqual([
        1, 2, 3,
      ]);
    });

    it('passes the function its context with the remaining time', async () => {
      start(
        `exports.handler = async (event, { getRemainingTimeInMillis, ...context }) =>
          ({ ...context, remainingMs: getRemainingTimeInMillis() });`,
        { timeoutMs: 70_000 },
      );
      const { remainingMs, ...context } = (await environment.invoke({})) as Record<string, unknown>;
      expect(remainingMs).toBeGreaterThan(0);
      expect(remainingMs).toBeLessThanOrEqual(70_000);
      expect(context).toEqual({
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionName: 'function-under-test',
        functionVersion: '$LATEST',
        logGroupName: '/aws/lambda/function-under-test',
        logStreamName: expect.stringMatching(/^local\/\[\$LATEST\][0-9a-f]{32}$/),
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function-under-test',
        memoryLimitInMB: '512',
      });
    });

    it('has the function’s variables and Lambda’s, and none of the parent process', async () => {
      process.env['COMPLYCUBE_API_KEY'] = 'live_secret';
      start('exports.handler = async () => process.env;', { variables: { GREETING: 'hello' } });
      const variables = (await environment.invoke({})) as Record<string, string>;
      delete process.env['COMPLYCUBE_API_KEY'];
      delete variables['__CF_USER_TEXT_ENCODING']; // macOS sets it for every process
      expect(variables).toEqual({
        GREETING: 'hello',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_FUNCTION_NAME: 'function-under-test',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function-under-test',
        AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining('[$LATEST]'),
        AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        LAMBDA_TASK_ROOT: folder.path,
        TZ: ':UTC',
        _HANDLER: 'index.handler',
      });
    });

    it('reports each line that the function prints', async () => {
      start('exports.handler = async () => { console.log("one\\ntwo"); console.error("three"); };');
      await environment.invoke({});
      await until(() => folder.logLines.includes('three') && folder.logLines.includes('two'));
      expect(folder.logLines).toEqual(expect.arrayContaining(['one', 'two', 'three']));
    });

    it('is frozen between invocations', async () => {
      const ticks = join(folder.path, 'ticks');
      start(`setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(ticks)}, '.'), 1);
        exports.handler = () => new Promise((resolve) => setTimeout(resolve, 50));`);
      await environment.invoke({});
      await until(() => isFrozen(environment.processId));
      const ticksWhenFrozen = statSync(ticks).size;
      await environment.invoke({});
      expect(statSync(ticks).size).toBeGreaterThan(ticksWhenFrozen);
      await until(() => isFrozen(environment.processId));
    });

    it('ignores a response to an earlier invocation', async () => {
      start(`const http = require('node:http');
        let earlier;
        exports.handler = async (event, { awsRequestId }) => {
          if (earlier !== undefined) await new Promise((resolve) => {
            const path = '/2018-06-01/runtime/invocation/' + earlier + '/response';
            http.request('http://' + process.env.AWS_LAMBDA_RUNTIME_API + path, { method: 'POST' }, (response) =>
              response.resume().on('end', resolve)).end('"late"');
          });
          earlier = awsRequestId;
          return 'in time';
        };`);
      expect([await environment.invoke({}), await environment.invoke({})]).toEqual(['in time', 'in time']);
    });

    it('lets the function finish if its process also receives Ctrl-C', async () => {
      const gate = folder.gate();
      start(`exports.handler = async () => {
        console.log('waiting');
        await ${gate.wait};
        return 'finished';
      };`);
      const answer = environment.invoke({});
      await until(() => folder.logLines.includes('waiting'));
      process.kill(environment.processId ?? 0, 'SIGINT');
      gate.open();
      expect(await answer).toBe('finished');
    });
  });

  describe('whose function fails', () => {
    it('fails the invocation with the function’s error, and can run again', async () => {
      start(`exports.handler = async ({ fails }) => {
        if (fails) throw new RangeError('not like this');
        return process.pid;
      };`);
      await expect(environment.invoke({ fails: true })).rejects.toEqual(
        new InvocationError('RangeError: not like this'),
      );
      expect(await environment.invoke({})).toBe(environment.processId);
    });

    it('fails the invocation if the response is not JSON, and can run again', async () => {
      start('exports.handler = async ({ fails }) => (fails ? 1n : "done");');
      await expect(environment.invoke({ fails: true })).rejects.toThrow('BigInt');
      expect(await environment.invoke({})).toBe('done');
    });

    it('fails the invocation if the response exceeds Lambda’s limit, and can run again', async () => {
      start('exports.handler = async ({ length }) => "x".repeat(length);');
      await expect(environment.invoke({ length: 7_000_000 })).rejects.toThrow('larger than 6291556 bytes');
      expect(await environment.invoke({ length: 2 })).toBe('xx');
    });

    it.each([
      ['throws while it is loaded', 'throw new Error("no key");', 'Error: no key'],
      ['has no such export', 'exports.other = () => {};', 'Error: index exports no function handler'],
    ])('fails the invocation if the module %s, and ends', async (_, code, message) => {
      start(code);
      await expect(environment.invoke({})).rejects.toEqual(new InvocationError(message));
      expect(environment.isAlive).toBe(false);
    });

    it.each([
      ['exits', 'process.exit(3)', '(3)'],
      ['is killed', 'process.kill(process.pid, "SIGKILL")', '(SIGKILL)'],
    ])('fails the invocation if the process %s, and ends', async (_, end, how) => {
      start(`exports.handler = () => new Promise(() => ${end});`);
      await expect(environment.invoke({})).rejects.toThrow(`the function's process ended ${how}`);
      expect(environment.isAlive).toBe(false);
    });

    it('fails the invocation if the code folder does not exist', async () => {
      start('', { codeFolder: join(folder.path, 'nowhere') });
      await expect(environment.invoke({})).rejects.toThrow("the function's process did not start");
      expect(environment.isAlive).toBe(false);
    });
  });

  describe('whose function times out', () => {
    // The test decides when the timeout passes.
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: allButTimeouts });
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    const printed = (line: string): Promise<void> => until(() => folder.logLines.includes(line));

    it('fails the invocation and kills the process', async () => {
      const answered = join(folder.path, 'answered');
      const gate = folder.gate();
      start(
        `exports.handler = async () => {
          console.log('started');
          await ${gate.wait};
          require('node:fs').writeFileSync(${JSON.stringify(answered)}, '');
        };`,
        { timeoutMs: 100 },
      );
      const invoked = expect(environment.invoke({})).rejects.toEqual(
        new InvocationError('the function timed out after 100 ms'),
      );
      await printed('started');
      jest.advanceTimersByTime(100);
      gate.open();
      await invoked;
      expect(environment.isAlive).toBe(false);
      await until(() => !isRunning(environment.processId));
      expect(existsSync(answered)).toBe(false);
    });

    it('kills a process whose event loop is blocked', async () => {
      start('exports.handler = async () => { console.log("busy"); for (;;); };', { timeoutMs: 100 });
      const invoked = expect(environment.invoke({})).rejects.toThrow('timed out');
      await printed('busy');
      jest.advanceTimersByTime(100);
      await invoked;
      await until(() => !isRunning(environment.processId));
    });

    it('does not count the time that loading the module takes', async () => {
      const gate = folder.gate();
      start(
        `console.log('loading');
        ${gate.waitBusily}
        exports.handler = async (event, context) => context.getRemainingTimeInMillis();`,
        { timeoutMs: 70_000 },
      );
      const answer = environment.invoke({});
      await printed('loading');
      jest.advanceTimersByTime(80_000);
      gate.open();
      // The function's clock has not advanced. Its deadline is 70 s after the load, not 70 s after the start.
      expect(await answer).toBeGreaterThan(70_000);
    });

    it('gives each invocation the full timeout', async () => {
      const gates = [folder.gate(), folder.gate(), folder.gate()];
      start(
        `const waits = [${gates.map(({ wait }) => `() => ${wait}`).join()}];
        exports.handler = async ({ number }) => {
          console.log('started ' + number);
          await waits[number]();
          return 'in time';
        };`,
        { timeoutMs: 800 },
      );
      for (const [number, gate] of gates.entries()) {
        const answer = environment.invoke({ number });
        await printed(`started ${number}`);
        jest.advanceTimersByTime(500);
        gate.open();
        expect(await answer).toBe('in time');
      }
    });
  });

  describe('that is stopped', () => {
    it('fails the running invocation, and refuses others', async () => {
      start('console.log("loaded"); exports.handler = () => new Promise(() => setInterval(() => {}, 1000));');
      const answer = expect(environment.invoke({})).rejects.toThrow('the execution environment was stopped');
      await until(() => folder.logLines.includes('loaded'));
      await environment.stop();
      await answer;
      expect(isRunning(environment.processId)).toBe(false);
      await expect(environment.invoke({})).rejects.toThrow('the execution environment has ended');
    });

    it('ends its frozen process', async () => {
      start('exports.handler = async () => {};');
      await environment.invoke({});
      expect(isRunning(environment.processId)).toBe(true);
      await environment.stop();
      expect(isRunning(environment.processId)).toBe(false);
    });
  });
});

/** Everything that Jest can fake, except setTimeout and Date. */
const allButTimeouts = [
  ...(['hrtime', 'performance', 'nextTick', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
];
