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

  /** Invokes a function once. @returns the reports. */
  const reportsOf = async (code: string, settings?: Partial<LocalFunction>): Promise<InvocationReport[]> => {
    const reports: InvocationReport[] = [];
    const onReport = (report: InvocationReport): unknown => reports.push(report);
    const environment = new ExecutionEnvironment(folder.write(code, settings), { ...folder.options, onReport });
    environments.push(environment);
    await environment.invoke({}).catch(() => undefined);
    return reports;
  };

  it('contains a success and its duration in whole milliseconds', async () => {
    const [report, ...more] = await reportsOf('exports.handler = async () => 1;');
    expect(report).toEqual({
      functionName: 'function-under-test',
      outcome: 'succeeded',
      durationMs: expect.any(Number),
    });
    expect(Number.isInteger(report?.durationMs)).toBe(true);
    expect(more).toEqual([]);
  });

  it('contains a failure if the function throws', async () => {
    const reports = await reportsOf('exports.handler = async () => { throw new Error("no"); };');
    expect(reports).toMatchObject([{ outcome: 'failed', durationMs: expect.any(Number) }]);
  });

  it('contains a duration of at least the timeout if the function times out', async () => {
    const reports = await reportsOf('exports.handler = () => new Promise(() => setInterval(() => {}, 9));', {
      timeoutMs: 300,
    });
    expect(reports).toMatchObject([{ outcome: 'failed' }]);
    expect(reports[0]?.durationMs).toBeGreaterThanOrEqual(300);
  });

  it('contains no duration if the function did not start', async () => {
    const reports = await reportsOf('throw new Error("no");');
    expect(reports).toMatchObject([{ outcome: 'failed', durationMs: undefined }]);
  });
});
