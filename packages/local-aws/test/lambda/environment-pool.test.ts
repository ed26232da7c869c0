import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { EnvironmentPool } from '../../src/lambda/environment-pool';
import type { LocalFunction } from '../../src/lambda/execution-environment';
import { FunctionFolder, isRunning } from './function-under-test';
import { until } from '../until';

describe('a pool of execution environments', () => {
  let folder: FunctionFolder;
  let pool: EnvironmentPool;

  beforeAll(() => {
    folder = new FunctionFolder();
  });
  afterEach(() => pool.stop());
  afterAll(() => {
    folder.remove();
  });

  const start = (code: string, settings?: Partial<LocalFunction>): EnvironmentPool =>
    (pool = new EnvironmentPool(folder.write(code, settings), folder.options));

  const mayHang = `exports.handler = ({ hangs }) =>
    hangs ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve(process.pid);`;

  it('reuses an idle environment', async () => {
    start('exports.handler = async () => process.pid;');
    const first = await pool.invoke({});
    expect(await pool.invoke({})).toBe(first);
    expect(pool.processIds).toEqual([first]);
  });

  it('starts another environment if all are busy', async () => {
    const gate = folder.gate();
    start(`exports.handler = async () => {
      await ${gate.wait};
      return process.pid;
    };`);
    const invoked = Promise.all([pool.invoke({}), pool.invoke({})]);
    await until(() => pool.processIds.length === 2);
    gate.open();
    const [one, other] = await invoked;
    expect(one).not.toBe(other);
    expect(new Set(pool.processIds)).toEqual(new Set([one, other]));
  });

  it('starts a new process after a timeout', async () => {
    const definition = { ...folder.write(mayHang) };
    const { timeoutMs } = definition;
    pool = new EnvironmentPool(definition, folder.options);
    const first = (await pool.invoke({})) as number;
    // Only for the invocation that hangs: the others can take any time.
    definition.timeoutMs = 100;
    await expect(pool.invoke({ hangs: true })).rejects.toThrow('timed out');
    definition.timeoutMs = timeoutMs;
    expect(isRunning(first)).toBe(false);
    const second = await pool.invoke({});
    expect(second).not.toBe(first);
    expect(pool.processIds).toEqual([second]);
  });

  it('starts a new process after one that did not start', async () => {
    const flag = JSON.stringify(join(folder.path, 'was-loaded'));
    start(`const fs = require('node:fs');
      if (!fs.existsSync(${flag})) { fs.writeFileSync(${flag}, ''); throw new Error('not yet'); }
      exports.handler = async () => 'started';`);
    await expect(pool.invoke({})).rejects.toThrow('not yet');
    expect(await pool.invoke({})).toBe('started');
  });

  it('starts a new process after an idle one died', async () => {
    start('exports.handler = async () => process.pid;');
    const first = (await pool.invoke({})) as number;
    process.kill(first, 'SIGKILL');
    await until(() => !isRunning(first));
    const second = await pool.invoke({});
    expect(second).not.toBe(first);
    expect(pool.processIds).toEqual([second]);
  });

  it('ends busy and idle processes when it is stopped', async () => {
    start(mayHang);
    const hanging = expect(pool.invoke({ hangs: true })).rejects.toThrow('stopped');
    await pool.invoke({});
    await until(() => pool.processIds.length === 2);
    const processIds = pool.processIds;
    await pool.stop();
    await hanging;
    expect(processIds.filter(isRunning)).toEqual([]);
    expect(pool.processIds).toEqual([]);
  });

  it('ends its processes when the parent process exits without stopping it', async () => {
    const definition = folder.write('exports.handler = async () => {};');
    const script = `const { EnvironmentPool } = require('./packages/local-aws/src/lambda/environment-pool');
      const options = { runtimePath: ${JSON.stringify(folder.options.runtimePath)}, onLogLine: () => {} };
      const pool = new EnvironmentPool(${JSON.stringify(definition)}, options);
      const { execFileSync } = require('node:child_process');
      const stateOf = (id) => execFileSync('ps', ['-o', 'state=', '-p', String(id)], { encoding: 'utf8' });
      pool.invoke({}).then(() => {
        const [id] = pool.processIds;
        const timer = setInterval(() => {
          if (!stateOf(id).startsWith('T')) return; // not frozen yet
          console.log(id);
          process.exit();
        }, 5);
      });`;
    const cwd = join(__dirname, '..', '..', '..', '..');
    const printed = execFileSync(process.execPath, ['--import', 'tsx', '--eval', script], { cwd, encoding: 'utf8' });
    expect(printed).toMatch(/^\d+\n$/);
    await until(() => !isRunning(Number(printed)));
  });
});
