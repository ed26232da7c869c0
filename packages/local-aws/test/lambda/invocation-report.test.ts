import { afterAll, expect, it } from '@jest/globals';
import { ExecutionEnvironment, type LocalFunction } from '../../src/lambda/execution-environment';
import type { InvocationReport } from '../../src/lambda/invocation-report';
import { FunctionFolder } from './function-under-test';

const folder = new FunctionFolder();
afterAll(() => {
  folder.remove();
});

const hangs = 'exports.handler = () => new Promise(() => setInterval(() => {}, 9));';

it.each<[string, string, InvocationReport['outcome'], number | undefined, Partial<LocalFunction>]>([
  ['succeeds', 'exports.handler = async () => 1;', 'succeeded', 0, {}],
  ['throws', 'exports.handler = async () => { throw new Error("no"); };', 'failed', 0, {}],
  ['times out', hangs, 'failed', 300, { timeoutMs: 300 }],
  ['does not start', 'throw new Error("no");', 'failed', undefined, {}],
])('reports outcome and duration once if the function %s', async (_, code, outcome, leastMs, settings) => {
  const reports: InvocationReport[] = [];
  const onReport = (report: InvocationReport): unknown => reports.push(report);
  const environment = new ExecutionEnvironment(folder.write(code, settings), { ...folder.options, onReport });
  await environment.invoke({}).catch(() => undefined);
  await environment.stop();
  const [{ durationMs } = { durationMs: NaN }] = reports;
  expect(reports).toEqual([{ functionName: 'function-under-test', outcome, durationMs }]);
  if (leastMs === undefined) expect(durationMs).toBeUndefined();
  else expect(durationMs).toBeGreaterThanOrEqual(leastMs);
  expect(durationMs ?? 0).toBe(Math.floor(durationMs ?? 0));
});
