import { expect, it } from '@jest/globals';
import { isDeadLetterReasonCode, isErasureReasonCode } from '../../contract/dead-letter-reasons';

it.each([
  ['not-json', { isReason: true, isOfErasure: false }],
  ['version-mismatch', { isReason: true, isOfErasure: true }],
  ['another-reason', { isReason: false, isOfErasure: false }],
  ['toString', { isReason: false, isOfErasure: false }],
])('%s is a reason to dead-letter: %j', (code, { isReason, isOfErasure }) => {
  expect([isDeadLetterReasonCode(code), isErasureReasonCode(code)]).toEqual([isReason, isOfErasure]);
});
