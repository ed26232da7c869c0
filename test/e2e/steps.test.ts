import { beforeEach, describe, expect, it } from '@jest/globals';
import { CheckError, renderStep, type Step, Steps } from '../../e2e/steps';
import { paintFor } from '../../local/paint';

const plain = paintFor({ isTTY: false });

describe('steps', () => {
  let reported: Step[];
  let interruption: AbortController;
  let steps: Steps;
  beforeEach(() => {
    reported = [];
    interruption = new AbortController();
    steps = new Steps((step) => reported.push(step), interruption.signal);
  });

  it('return their value, and are reported and recorded as passed', async () => {
    expect(await steps.run('deploy', () => Promise.resolve({ result: '13 resources', value: 13 }))).toBe(13);
    expect(reported).toMatchObject([{ name: 'deploy', result: '13 resources', isPassed: true }]);
    expect(steps.all).toEqual(reported);
  });

  it('that fail are recorded, and the next ones run', async () => {
    expect(await steps.run('queues', () => Promise.reject(new CheckError('one is not empty')))).toBeUndefined();
    expect(await steps.run('photos', () => Promise.reject(new TypeError('unforeseen')))).toBeUndefined();
    await steps.run('destroy', () => Promise.resolve({ result: 'done', value: undefined }));
    expect(steps.all.map(({ result, isPassed }) => [result, isPassed])).toEqual([
      ['one is not empty', false],
      ['TypeError: unforeseen', false],
      ['done', true],
    ]);
  });

  it('do not run after an interruption, except for clean-up steps', async () => {
    interruption.abort();
    const work = () => Promise.resolve({ result: 'done', value: 'value' });
    expect(await steps.run('deploy', work)).toBeUndefined();
    expect(await steps.cleanUp('destroy', work)).toBe('value');
    expect(steps.all.map(({ name }) => name)).toEqual(['destroy']);
  });
});

describe('the output of a step', () => {
  const failed = {
    name: 'deploy again',
    result: 'CdkError: failed\nits \u001Boutput',
    seconds: 12.345,
    isPassed: false,
  };
  const passed = { name: 'deploy', result: 'done', seconds: 1, isPassed: true };

  it('is one line, with the whole message if the step failed', () => {
    expect(renderStep(passed, plain)).toBe('✓ deploy (1.0 s): done');
    expect(renderStep(failed, plain)).toBe('✗ deploy again (12.3 s): CdkError: failed\n    its \uFFFDoutput');
  });

  it('is red on a terminal if the step failed', () => {
    const colourful = paintFor({ isTTY: true }, {});
    const isRed = (step: Step) => renderStep(step, colourful).startsWith('\u001B[31m');
    expect([passed, failed].map(isRed)).toEqual([false, true]);
  });
});
