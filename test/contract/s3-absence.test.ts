import { expect, it } from '@jest/globals';
import { isS3Absence } from '../../contract/s3-absence';

const fields = { $fault: 'client', $metadata: { httpStatusCode: 404 } };
const errorWith = (name: string, more: object): Error => Object.assign(new Error('not found'), { name }, more);

it.each(['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed'])(
  'S3’s error %s says that an object does not exist',
  (name) => {
    expect(isS3Absence(errorWith(name, fields))).toBe(true);
  },
);

it.each([
  ['another error of S3', errorWith('AccessDenied', fields)],
  ['an error without $fault', errorWith('NoSuchKey', { $metadata: fields.$metadata })],
  ['an error without $metadata', errorWith('NoSuchKey', { $fault: 'client' })],
  ['an object that is no error', { name: 'NoSuchKey', ...fields }],
  ['a text', 'NoSuchKey'],
  ['nothing', undefined],
])('%s does not say that an object does not exist', (_, error) => {
  expect(isS3Absence(error)).toBe(false);
});
