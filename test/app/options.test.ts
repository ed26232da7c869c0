import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../../app/check-options';
import { nearest } from '../../app/nearest';
import { readOutcome, waitForOutcome } from '../../app/outcomes';
import { createUploadGrant, UploadGrantError } from '../../app/upload-grants';
import { uploadSettingsFrom } from '../../app/upload-settings';

type Options = Readonly<Record<string, unknown>>;
interface Row {
  readonly call: (options: never) => Promise<unknown>;
  readonly Failure: typeof InvalidOptionError;
  readonly valid: Options;
  /** Invalid values by option. */
  readonly invalid: Readonly<Record<string, readonly unknown[]>>;
  /** Misspelt options and what they stand for. */
  readonly typos: Readonly<Record<string, string>>;
}

const s3 = new S3Client({ region: 'eu-west-2', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
const sqs = new SQSClient({ region: 'eu-west-2' });
const unfit = [
  { config: 1, send: 1 },
  { config: { serviceId: 'S3' }, send: 1 },
  { config: null, send: () => null },
];
const clients = [undefined, null, 'eu-west-1', {}, 7, () => s3, sqs, ...unfit];
const badNames = ['Photos', 'arn:aws:s3:::photos', 'photos/', 'photos\n', 'ab', 'x'.repeat(64)];
const badDots = ['a..b', '.photos', 'photos.', 'photos.-a', 'photos-.a', '-photos', '192.168.5.4'];
const buckets = [undefined, null, '', 7, ['photos'], ...badNames, ...badDots];
const names = [null, '', 'x'.repeat(1025), 'ü'.repeat(513), '\uD800', 7, ['a.jpg'], {}];
const inheriting = [
  Object.create(AbortSignal.prototype),
  Object.create(AbortSignal.prototype, { aborted: { value: 1 } }),
];
const signals = [null, {}, 'abort', { aborted: false }, new AbortController(), ...(inheriting as object[])];

const query: Omit<Row, 'call'> = {
  Failure: InvalidOptionError,
  valid: { s3, bucket: 'photos', key: 'a.jpg' },
  invalid: { s3: clients, bucket: buckets, key: [undefined, ...names], versionId: names, signal: signals },
  typos: { Bucket: 'bucket', keys: 'key', versionID: 'versionId', abortSignal: 'signal' },
};

const functions: Readonly<Record<string, Row>> = {
  createUploadGrant: {
    call: createUploadGrant,
    Failure: UploadGrantError,
    valid: { s3, bucket: 'photos', clientId: 'client-1' },
    invalid: {
      s3: clients,
      bucket: buckets,
      clientId: [undefined, null, '', 'not a client', 'x'.repeat(65), 'client-1\n', ['client-1'], 7],
      performLivenessCheck: ['false', null, 0],
      keyPrefix: ['photos/${filename}', 'x'.repeat(513), 7, null, []],
      keyPrefixes: ['photos/', [''], [7], ['a/', undefined], null, {}],
      clientIdMetadata: ['x-amz-meta-user-id', 'live-photo', ['user-id'], '', null],
      contentType: ['image/*', 'image/heic', '', null, ['image/jpeg']],
      expiresInSeconds: [0, -1, 901, 1.5, NaN, Infinity, '60', null, 60n],
      encryptionKeyArn: ['alias/photos', '', null, 7],
    },
    typos: { clinetId: 'clientId', clientID: 'clientId', expiresInSecond: 'expiresInSeconds', prefix: 'keyPrefix' },
  },
  readOutcome: { call: readOutcome, ...query },
  waitForOutcome: {
    call: waitForOutcome,
    ...query,
    invalid: { ...query.invalid, deadlineMs: [NaN, -1, -Infinity, Infinity, 2 ** 31, '1000', null, 5n, new Date(0)] },
    typos: { ...query.typos, deadline: 'deadlineMs', deadlineMS: 'deadlineMs', deadLineMs: 'deadlineMs' },
  },
};

const rows = Object.entries(functions);
const invalid = rows.flatMap(([name, { invalid }]) =>
  Object.entries(invalid).flatMap(([option, values]) => values.map((value) => [name, option, value] as const)),
);
const misspelt = rows.flatMap(([name, { typos }]) =>
  Object.entries(typos).map(([typo, option]) => [name, typo, option] as const),
);
const nothing = rows.flatMap(([name]) =>
  [undefined, null, 'photos', 7, [], () => ({})].map((value) => [name, value] as const),
);

/** The error of a call. */
async function errorOf(name: string, options: unknown): Promise<unknown> {
  const { call } = functions[name] as Row;
  return call(options as never).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the options of the app’s functions', () => {
  it.each(invalid)('%s refuses the option %s as %p', async (name, option, value) => {
    const { valid, Failure } = functions[name] as Row;
    const error = await errorOf(name, { ...valid, [option]: value });
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ field: option, message: expect.stringMatching(`^${option} must be `) as unknown });
  });

  it.each(misspelt)('%s refuses the unknown option %s, and names %s', async (name, typo, option) => {
    const { valid, Failure } = functions[name] as Row;
    const { [option]: value, ...rest } = valid;
    const error = await errorOf(name, { ...rest, [typo]: value });
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ field: typo, message: `${typo} is not an option: do you mean ${option}?` });
  });

  it.each(['deadlineMs', 'toString', 'x'])('are listed if the unknown option %s resembles none', async (unknown) => {
    const error = await errorOf('readOutcome', { s3, bucket: 'photos', key: 'a.jpg', [unknown]: 1 });
    const message = `${unknown} is not an option: the options are s3, bucket, key, versionId, signal`;
    expect(error).toMatchObject({ field: unknown, message });
  });

  it.each(['abc', '123', 'photos.example.com', '1.2.3', 'a-b.c-d', 'x'.repeat(63)])(
    'include the bucket %s',
    async (bucket) => {
      expect(await errorOf('createUploadGrant', { s3, bucket, clientId: 'client-1' })).toBeUndefined();
    },
  );

  it('include a client of another copy of the SDK', async () => {
    const copy = Object.assign(Object.create(null), { config: s3.config, send: () => null }) as object;
    expect(await errorOf('createUploadGrant', { s3: copy, bucket: 'photos', clientId: 'client-1' })).toBeUndefined();
  });

  it.each(nothing)('%s refuses %p instead of options', async (name, value) => {
    const error = await errorOf(name, value);
    expect(error).toBeInstanceOf(functions[name]?.Failure);
    expect(error).toMatchObject({ field: 'options', message: 'options must be an object' });
  });

  it('are never repeated in the message', async () => {
    const error = await errorOf('createUploadGrant', { s3, bucket: 'photos', clientId: 'jane@example.com' });
    expect(error).toMatchObject({ message: 'clientId must be 1 to 64 characters of A-Z a-z 0-9 _ -' });
  });

  it('are valid although others are undefined', async () => {
    const options = { s3, bucket: 'photos', clientId: 'client-1', keyPrefix: undefined, encryptionKeyArn: undefined };
    expect(await errorOf('createUploadGrant', options)).toBeUndefined();
  });

  it('include only key prefixes that the stack processes', async () => {
    const options = { s3, bucket: 'photos', clientId: 'client-1', keyPrefixes: ['photos/'], keyPrefix: 'other/' };
    const message = 'keyPrefix must begin with one of keyPrefixes';
    expect(await errorOf('createUploadGrant', options)).toMatchObject({ field: 'keyPrefix', message });
  });
});

describe('the nearest option', () => {
  it.each([
    ['bukcet', 'bucket'],
    ['KEYPREFIX', 'keyPrefix'],
    ['ke', 'key'],
    ['k', undefined],
    ['toString', undefined],
  ])('of %s is %s', (word, option) => {
    expect(nearest(word, ['bucket', 'key', 'keyPrefix'])).toBe(option);
  });
});

describe('the upload settings in the environment', () => {
  const arn = 'arn:aws:kms:eu-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  it('are the bucket, the key prefixes, the name of the metadata and the encryption key', () => {
    const environment = {
      LIVE_PHOTOS_BUCKET: 'photos',
      LIVE_PHOTOS_KEY_PREFIXES: 'selfies/,imports/',
      LIVE_PHOTOS_CLIENT_ID_METADATA: 'user-id',
      LIVE_PHOTOS_ENCRYPTION_KEY_ARN: arn,
    };
    const settings = {
      bucket: 'photos',
      keyPrefixes: ['selfies/', 'imports/'],
      clientIdMetadata: 'user-id',
      encryptionKeyArn: arn,
    };
    expect(uploadSettingsFrom(environment)).toEqual(settings);
  });

  it.each([{}, { LIVE_PHOTOS_KEY_PREFIXES: '', LIVE_PHOTOS_ENCRYPTION_KEY_ARN: '' }])(
    'need only the bucket: %j',
    (others) => {
      expect(uploadSettingsFrom({ LIVE_PHOTOS_BUCKET: 'photos', ...others })).toEqual({
        bucket: 'photos',
        keyPrefixes: [],
      });
    },
  );

  it.each([undefined, null, 'photos'])('are refused if the environment is %p', (environment) => {
    const read = () => uploadSettingsFrom(environment as never);
    expect(read).toThrow(InvalidOptionError);
    expect(read).toThrow('environment must be process.env');
  });

  it.each([
    ['LIVE_PHOTOS_BUCKET', undefined, 'is not set: '],
    ['LIVE_PHOTOS_BUCKET', '', 'is not set: '],
    ['LIVE_PHOTOS_BUCKET', 'Photos', 'must be the name of an S3 bucket'],
    ['LIVE_PHOTOS_CLIENT_ID_METADATA', 'live-photo', 'must be the name of S3 user metadata'],
    ['LIVE_PHOTOS_KEY_PREFIXES', 'selfies/, imports/', 'must be key prefixes, separated by commas'],
    ['LIVE_PHOTOS_KEY_PREFIXES', ',', 'must be key prefixes, separated by commas'],
    ['LIVE_PHOTOS_ENCRYPTION_KEY_ARN', 'alias/key', 'must be the ARN of a KMS key'],
  ])('are refused if %s is %j', (field, value, problem) => {
    const read = () => uploadSettingsFrom({ LIVE_PHOTOS_BUCKET: 'photos', [field]: value });
    expect(read).toThrow(InvalidOptionError);
    expect(read).toThrow(`${field} ${problem}`);
  });
});
