import { describe, expect, it } from '@jest/globals';
import { auditDeadLetters } from '../../../../local/chaos/audit/dead-letter-audit';

const expected = new Map([
  ['malformed-record-1', 'wrong-bucket'],
  ['malformed-message-2', 'not-json'],
]);
const record = { body: '{"Records":[{"id":"malformed-record-1"}]}', reason: 'wrong-bucket' };
const message = { body: 'This is no JSON: malformed-message-2', reason: 'not-json' };

describe('the audit of the dead-letter queue', () => {
  it('finds nothing if all malformed messages exist with their reasons, even twice', () => {
    expect(auditDeadLetters([record, message, message], expected)).toEqual({
      deadLettered: 3,
      wronglyDeadLettered: 0,
      malformedLost: 0,
      findings: [],
    });
  });

  it.each([
    ['with the wrong reason', { ...record, reason: 'record-malformed' }],
    ['that SQS moved there', { ...record, reason: undefined }],
    ['with a reason that does not exist', { ...record, reason: 'odd' }],
    ['that holds a good event', { body: '{"Records":[{}]}', reason: 'wrong-bucket' }],
  ])('finds a message %s', (_, wrong) => {
    const { wronglyDeadLettered, findings } = auditDeadLetters([record, message, wrong], expected);
    expect(wronglyDeadLettered).toBe(1);
    expect(findings).toEqual([expect.stringMatching(/^dead-lettered as /)]);
  });

  it('finds a missing malformed message', () => {
    const { malformedLost, findings } = auditDeadLetters([record], expected);
    expect(malformedLost).toBe(1);
    expect(findings).toEqual(['not in the dead-letter queue: malformed-message-2']);
  });
});
