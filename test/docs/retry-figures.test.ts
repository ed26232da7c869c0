import { describe, expect, it } from '@jest/globals';
import { deadLetterReasons } from '../../cli/redrive/dead-letter-reason';
import {
  callTimeoutMs,
  clockSkewMs,
  deadLetterRetentionDays,
  functionTimeoutMs,
  listingDelayMs,
  maxReceiveCount,
  maxWaitMs,
  photoDeadlineMs,
  queueRetentionDays,
} from '../../contract/durations';
import { anyMixture, retryBounds } from '../../contract/retry-bounds';
import { readDocument } from './documents';
import { codeOf, readTable } from './tables';

/** A document in one line. */
const read = (path: string): string => readDocument(path).replaceAll(/\s+/g, ' ');
const readme = read('README.md');
const guarantees = read('docs/guarantees.md');
const runbook = read('docs/runbook.md');

const hourMs = 3_600_000;
const bounds = retryBounds(anyMixture, { maxReceiveCount, photoDeadlineMs, visibilityMs: maxWaitMs });
const leastHours = Math.floor(bounds.earliestMs / hourMs);
const mostHours = Math.ceil(bounds.latestMs / hourMs);
const seconds = (ms: number): string => `${ms / 1000} seconds`;
const wordOf = (days: number): string => ({ 4: 'four', 7: 'seven' })[days] ?? String(days);
const minutes = (ms: number): string => `${ms / 60_000} minutes`;

describe('the figures of the docs', () => {
  it.each([
    `retried for at least ${leastHours} hours, more than four days`,
    `After ${maxReceiveCount} receives, at most ${mostHours} hours later,`,
    `The wait is at most ${minutes(maxWaitMs)}, plus up to a quarter as jitter`,
    `for the rest of ${deadLetterRetentionDays} days`,
    `deletes a message after ${wordOf(queueRetentionDays)} days`,
    `for more than ${queueRetentionDays * 24 - mostHours} hours before its first attempt`,
    `its own deadline of ${seconds(photoDeadlineMs)}`,
    `lists a live photo within ${seconds(listingDelayMs)} of the call`,
    `the clocks of two execution environments differ by at most ${seconds(clockSkewMs)}`,
    `a lease of ${seconds(photoDeadlineMs + clockSkewMs + listingDelayMs)}`,
    'SQS allows 120,000 messages of a queue to be in flight',
  ])('in the guarantees match the code: %s', (text) => {
    expect(guarantees).toContain(text);
  });

  it('in the README match the code', () => {
    expect(readme).toContain(`retried for at least ${leastHours} hours, more than four days`);
  });

  it.each([
    `retried for at least ${leastHours} hours, at most ${mostHours} hours`,
    `for the rest of ${deadLetterRetentionDays} days`,
    `received ${maxReceiveCount} times, over at least ${leastHours} hours`,
    `after ${minutes(maxWaitMs)} if it did not start`,
    `The messages wait ${minutes(maxWaitMs)}`,
    `the function's timeout, ${seconds(functionTimeoutMs)},`,
    `its own deadline of ${seconds(photoDeadlineMs)}`,
    `aborted after ${seconds(callTimeoutMs)}`,
    'SQS allows 120,000 messages in flight',
  ])('in the runbook match the code: %s', (text) => {
    expect(runbook).toContain(text);
  });

  it('contain no other number of hours for the retries', () => {
    const named = [...`${readme} ${guarantees} ${runbook}`.matchAll(/at (?:least|most) (\d+) hours/g)].map(
      ([, hours]) => Number(hours),
    );
    expect(new Set(named)).toEqual(new Set([leastHours, mostHours]));
  });
});

describe('the table of the reasons of dead-lettered messages', () => {
  it('has one row for each reason, with the texts of the command', () => {
    const rows = readTable('docs/operating.md', 'Reasons of dead-lettered messages');
    const documented = rows.map((row) => [codeOf(row['reason']), `${row['because'] ?? ''}: ${row['do'] ?? ''}`]);
    expect(Object.fromEntries(documented)).toEqual(deadLetterReasons);
    expect(rows).toHaveLength(Object.keys(deadLetterReasons).length);
  });
});
