import { describe, expect, it } from '@jest/globals';
import { checkPostPolicy } from '../../../src/s3/requests/post-policy';

const now = new Date('2026-11-23T18:00:00Z');
const expiration = '2026-11-23T18:05:00Z';

function check(conditions: unknown, fields: Record<string, string> = {}, { fileBytes = 5, policy = {} } = {}): void {
  const encoded = Buffer.from(JSON.stringify({ expiration, conditions, ...policy })).toString('base64');
  checkPostPolicy(encoded, { fields: new Map(Object.entries(fields)), fileBytes }, now);
}

const checking =
  (...args: Parameters<typeof check>) =>
  (): void => {
    check(...args);
  };

const failed = (condition: string): object =>
  expect.objectContaining({
    code: 'AccessDenied',
    message: `Invalid according to Policy: Policy Condition failed: ${condition}`,
  });

describe('a policy’s condition', () => {
  it.each<[unknown, Record<string, string>]>([
    [{ key: 'a' }, { key: 'a' }],
    [{ Key: 'a' }, { key: 'a' }],
    [
      { key: 'a', acl: 'b' },
      { key: 'a', acl: 'b' },
    ],
    [['eq', '$key', 'a'], { key: 'a' }],
    [['starts-with', '$key', 'a/'], { key: 'a/b' }],
    [['starts-with', '$key', ''], { key: 'anything' }],
    [['starts-with', '$x-amz-meta-note', 'a'], { 'x-amz-meta-note': 'ab' }],
    [['starts-with', '$Content-Type', 'image/'], { 'content-type': 'image/jpeg, image/png' }],
  ])('%j accepts %j', (condition, fields) => {
    expect(checking([condition], fields)).not.toThrow();
  });

  it.each<[unknown, Record<string, string>, string]>([
    [{ key: 'a' }, { key: 'A' }, '["eq", "$key", "a"]'],
    [{ key: 'a' }, {}, '["eq", "$key", "a"]'],
    [{ key: 'a', acl: 'b' }, { key: 'a', acl: 'c' }, '["eq", "$acl", "b"]'],
    [['eq', '$key', 'a'], { key: 'ab' }, '["eq", "$key", "a"]'],
    [['starts-with', '$key', 'a/'], { key: 'b/a/' }, '["starts-with", "$key", "a/"]'],
    [['starts-with', '$Content-Type', ''], {}, '["starts-with", "$Content-Type", ""]'],
    [
      ['starts-with', '$Content-Type', 'image/'],
      { 'content-type': 'image/png, text/html' },
      '["starts-with", "$Content-Type", "image/"]',
    ],
    // A condition that S3 does not understand never holds.
    [['starts-with', '$bucket', 'a'], { bucket: 'ab' }, '["starts-with", "$bucket", "a"]'],
    [['ends-with', '$key', 'a'], { key: 'a' }, '["ends-with", "$key", "a"]'],
    [['eq', 'key', 'a'], { key: 'a' }, '["eq", "key", "a"]'],
    [['eq', '$key', 7], { key: '7' }, '["eq", "$key", 7]'],
    [['eq', '$key'], { key: 'a' }, '["eq", "$key"]'],
    [['content-length-range', '0', '9'], {}, '["content-length-range", "0", "9"]'],
    ['key', { key: 'a' }, '["key"]'],
  ])('%j refuses %j', (condition, fields, named) => {
    expect(checking([condition], fields)).toThrow(failed(named));
  });

  it('of the length includes both bounds', () => {
    const range = [['content-length-range', 5, 7]];
    for (const fileBytes of [5, 7]) check(range, {}, { fileBytes });
    expect(checking(range, {}, { fileBytes: 4 })).toThrow(
      expect.objectContaining({ code: 'EntityTooSmall', details: { ProposedSize: '4', MinSizeAllowed: '5' } }),
    );
    expect(checking(range, {}, { fileBytes: 8 })).toThrow(
      expect.objectContaining({ code: 'EntityTooLarge', details: { ProposedSize: '8', MaxSizeAllowed: '7' } }),
    );
  });

  it('must hold together with all others', () => {
    const both = [
      ['starts-with', '$key', 'a'],
      ['eq', '$key', 'ab'],
    ];
    check(both, { key: 'ab' });
    expect(checking(both, { key: 'ac' })).toThrow(failed('["eq", "$key", "ab"]'));
  });
});

describe('a field', () => {
  it('without a condition is refused', () => {
    expect(checking([{ key: 'a' }], { key: 'a', tagging: 'x' })).toThrow(
      'Invalid according to Policy: Extra input fields: tagging',
    );
  });

  it.each(['policy', 'x-amz-signature', 'x-ignore-note'])('%s needs no condition', (name) => {
    expect(checking([], { [name]: 'x' })).not.toThrow();
  });
});

describe('a policy', () => {
  it('is valid until it expires, excluding that moment', () => {
    check([], {}, { policy: { expiration: '2026-11-23T18:00:00.001Z' } });
    expect(checking([], {}, { policy: { expiration: '2026-11-23T18:00:00Z' } })).toThrow(
      'Invalid according to Policy: Policy expired.',
    );
  });

  it.each([
    [{ expiration: 'tomorrow' }, "Invalid 'expiration' value: 'tomorrow'"],
    [{ expiration: '2026-11-31T99:00:00Z' }, 'Invalid'],
    [{ expiration: undefined }, 'expiration'],
    [{ conditions: undefined }, 'conditions'],
  ])('that is incomplete is refused: %j', (policy, named) => {
    expect(checking([], {}, { policy })).toThrow(
      expect.objectContaining({ code: 'InvalidPolicyDocument', message: expect.stringContaining(named) }),
    );
  });

  it.each(['', 'not base64', Buffer.from('{').toString('base64'), Buffer.from('null').toString('base64')])(
    'that is not JSON is refused: %j',
    (encoded) => {
      expect(() => {
        checkPostPolicy(encoded, { fields: new Map(), fileBytes: 0 }, now);
      }).toThrow(expect.objectContaining({ code: 'InvalidPolicyDocument' }));
    },
  );
});
