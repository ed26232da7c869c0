import { describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../../contract/environment';
import { speedUpWaits } from '../../../local/pipeline/speed-up-waits';

describe('the function’s own waits', () => {
  const variables = {
    [environmentNames.clockSkewMs]: '60000',
    [environmentNames.listingDelayMs]: '15000',
    [environmentNames.refusalRejectedAfterMs]: '3600000',
    [environmentNames.unknownClientRejectedAfterMs]: '300000',
    [environmentNames.callTimeoutMs]: '25000',
  };

  it('are divided by the speed, while timeouts of work stay the same', () => {
    expect(speedUpWaits(variables, 300)).toEqual({
      [environmentNames.clockSkewMs]: '200',
      [environmentNames.listingDelayMs]: '50',
      [environmentNames.refusalRejectedAfterMs]: '12000',
      [environmentNames.unknownClientRejectedAfterMs]: '1000',
      [environmentNames.callTimeoutMs]: '25000',
    });
  });

  it('are at least 1 ms, the minimum that the function accepts', () => {
    expect(speedUpWaits(variables, 1_000_000)).toMatchObject({ [environmentNames.clockSkewMs]: '1' });
  });

  it('stay the same in real time', () => {
    expect(speedUpWaits(variables, 1)).toEqual(variables);
  });
});
