import { expect, it } from '@jest/globals';
import { processErasure } from '../../../lambda/erasure/process-erasure';

it('refuses an erasure, and calls nothing, unless the stack names its operators', async () => {
  const request = { bucket: 'photos', key: 'a', versionId: '1', eTag: 'b', requestId: 'request-1', requestedAt: '' };
  const message = { request, receives: 1, senderId: 'AROAEXAMPLE:alice' };
  const untouchable = new Proxy({} as Parameters<typeof processErasure>[2], {
    get: (_, name) => {
      if (name === 'areOperatorsNamed') return false;
      throw new Error(`unplanned use of ${String(name)}`);
    },
  });
  const context = {} as Parameters<typeof processErasure>[1];
  await expect(processErasure(message, context, untouchable)).resolves.toBe('operators-not-named');
});
