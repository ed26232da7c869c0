import { beforeEach, describe, expect, it } from '@jest/globals';
import { CheckError, renderStep, renderStepsHeader, type Step, Steps } from '../../e2e/steps';
import { paintFor } from '../../local/paint';

const plain = paintFor({ isTTY: false });

describe('steps', () => {
  let told: Step[];
  let interruption: AbortController;
  let steps: Steps;
  beforeEach(() => {
    told = [];
    interruption = new AbortController();
    steps = new Steps((step) => told.push(step), interruption.signal);
  });

  it('give what comes of them, and are told and kept as right', async () => {
    expect(await steps.take('deploy', () => Promise.resolve({ result: '13 resources', value: 13 }))).toBe(13);
    expect(told).toMatchObject([{ name: 'deploy', result: '13 resources', isRight: true }]);
    expect(steps.all).toEqual(told);
  });

  it('that fail are noted, and the next ones are taken', async () => {
    expect(await steps.take('queues', () => Promise.reject(new CheckError('one is not empty')))).toBeUndefined();
    expect(await steps.take('photos', () => Promise.reject(new TypeError('unforeseen')))).toBeUndefined();
    await steps.take('destroy', () => Promise.resolve({ result: 'done', value: undefined }));
    expect(steps.all.map(({ result, isRight }) => [result, isRight])).toEqual([
      ['one is not empty', false],
      ['TypeError: unforeseen', false],
      ['done', true],
    ]);
  });

  it('are not taken once the run is interrupted, but for those that clean up', async () => {
    interruption.abort();
    const work = () => Promise.resolve({ result: 'done', value: 'value' });
    expect(await steps.take('deploy', work)).toBeUndefined();
    expect(await steps.cleanUp('destroy', work)).toBe('value');
    expect(steps.all.map(({ name }) => name)).toEqual(['destroy']);
  });
});

describe('the table of steps', () => {
  const failed = {
    name: 'deploy again',
    result: 'CdkError: failed\nits \u001Boutput',
    seconds: 12.345,
    isRight: false,
  };
  const right = { name: 'deploy', result: 'done', seconds: 1, isRight: true };

  it('has a line for each step, and below a failed one all that it says', () => {
    expect([renderStepsHeader(plain), renderStep(right, plain), renderStep(failed, plain)].join('\n')).toBe(
      [
        '  step             seconds  result',
        '✓ deploy               1.0  done',
        '✗ deploy again        12.3  CdkError: failed',
        '    its \uFFFDoutput',
      ].join('\n'),
    );
  });

  it('is red where a step failed, on a terminal', () => {
    const colourful = paintFor({ isTTY: true }, {});
    const isRed = (step: Step) => renderStep(step, colourful).startsWith('\u001B[31m');
    expect([right, failed].map(isRed)).toEqual([false, true]);
  });
});
