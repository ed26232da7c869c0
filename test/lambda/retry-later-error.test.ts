import { describe, expect, it } from '@jest/globals';
import { describeError } from '../../lambda/observe/log';
import { EnvironmentError } from '../../lambda/read-environment';
import {
  AccountFaultError,
  CountedRefusalError,
  RetryLaterError,
  UnfinishedError,
  UploadUnknownError,
} from '../../lambda/retry-later-error';

describe('the description of an error in the log', () => {
  it.each<[string, Error]>([
    ['RetryLaterError', new RetryLaterError('s3-failed', 'x')],
    ['AccountFaultError', new AccountFaultError('x')],
    ['UploadUnknownError', new UploadUnknownError('x')],
    ['UnfinishedError', new UnfinishedError({})],
    ['CountedRefusalError', new CountedRefusalError('refused', 'x')],
    ['EnvironmentError', new EnvironmentError('x')],
  ])('begins with its class: %s', (name, error) => {
    expect(describeError(error)).toMatch(new RegExp(`^${name}: `));
  });

  it('includes the cause of an UnfinishedError', () => {
    const cause = new RetryLaterError('no-time-left', 'x');
    expect(describeError(new UnfinishedError({ cause }))).toContain('← RetryLaterError: x');
  });
});
