import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { ExecutionEnvironment, type LocalFunction } from '../../src/lambda/execution-environment';
import type { InvocationReport } from '../../src/lambda/invocation-report';
import { FunctionFolder } from './function-under-test';

describe('the report of an invocation', () => {
  const folder = new FunctionFolder();
  const environments: ExecutionEnvironment[] = [];
  afterEach(() => Promise.all(environments.splice(0).map((environment) => environment.stop())));
  afterAll(() => {
    folder.remove();
  });

  /** Invokes a function once. @returns what was reported. */
  const reportsOf = async (code: string, settings?: Partial<LocalFunction>): Promise<InvocationReport[]> => {
    const reports: InvocationReport[] = [];
    const onReport = (report: InvocationReport): unknown => reports.push(report);
    const environment = new ExecutionEnvironment(folder.write(code, settings), { ...folder.options, onReport });
    environments.push(environment);
    await environment.invoke({}).catch(() => undefined);
    return reports;
  };

  it('tells a success, and its time in whole milliseconds', async () => {
    const [report, ...more] = await reportsOf('exports.handler = async () => 1;');
    expect(report).toEqual({
      functionName: 'function-under-test',
      outcome: 'succeeded',
      durationMs: expect.any(Number),
    });
    expect(Number.isInteger(report?.durationMs)).toBe(true);
    expect(more).toEqual([]);
  });

  it('tells a failure, when the function throws', async () => {
    const reports = await reportsOf('exports.handler = async () => { throw new Error("no"); };');
    expect(reports).toMatchObject([{ outcome: 'failed', durationMs: expect.any(Number) }]);
  });

  it('tells a time no shorter than the timeout, when the function runs into it', async () => {
    const reports = await reportsOf('exports.handler = () => new Promise(() => setInterval(() => {}, 9));', {
      timeoutMs: 300,
    });
    expect(reports).toMatchObject([{ outcome: 'failed' }]);
    expect(reports[0]?.durationMs).toBeGreaterThanOrEqual(300);
  });

  it('tells no time of a function that did not start', async () => {
    const reports = await reportsOf('throw new Error("no");');
    expect(reports).toMatchObject([{ outcome: 'failed', durationMs: undefined }]);
  });
});
