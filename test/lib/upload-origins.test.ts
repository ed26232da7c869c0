import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../bin/settings';
import { ConfigurationError } from '../../lib/validate-props';
import { existingBucket, makeStack, synthesize } from './stacks';

const origins = [
  'https://app.example.com',
  'https://app.example.com:8443',
  'http://localhost:5173',
  'http://[::1]:8080',
  'capacitor://localhost',
  'ionic://localhost',
];

describe('uploadOrigins', () => {
  it('lets pages of those origins post to the photo bucket and read ETag and version', () => {
    synthesize({ uploadOrigins: ['https://app.example.com'] }).hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: Match.anyValue(),
      CorsConfiguration: {
        CorsRules: [
          {
            Id: 'UploadGrants',
            AllowedOrigins: ['https://app.example.com'],
            AllowedMethods: ['POST'],
            ExposedHeaders: ['ETag', 'x-amz-version-id'],
            MaxAge: 3600,
          },
        ],
      },
    });
  });

  it('allows no origin by default', () =>
    synthesize().allResourcesProperties('AWS::S3::Bucket', { CorsConfiguration: Match.absent() }));

  it('accepts https origins, loopback origins and those of an app’s WebView', () => {
    for (const origin of origins) expect(() => makeStack({ uploadOrigins: [origin] })).not.toThrow();
  });

  it.each([
    '*',
    'https://*.example.com',
    'http://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/upload',
    'https://APP.example.com',
    'https://app.example.com:443',
    'http://127.0.0.1:80',
    'http://localhost.example.com',
    'app.example.com',
    'capacitor://app.example.com',
    'capacitor://localhost/',
    'capacitor://localhost:1',
    'null',
    '',
  ])('refuses %j', (origin) => {
    const make = () => makeStack({ uploadOrigins: ['https://app.example.com', origin] });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`uploadOrigins has ${origin || '""'}: each must be an https origin`);
  });

  it('contradicts an existing bucket', () => {
    expect(() => makeStack({ ...existingBucket, uploadOrigins: ['https://app.example.com'] })).toThrow(
      'uploadOrigins contradicts existingBucket',
    );
  });

  it('is a setting with origins separated by commas', () => {
    expect(readSettings({ uploadOrigins: 'https://a.example,https://b.example' })).toEqual({
      uploadOrigins: ['https://a.example', 'https://b.example'],
    });
    expect(() => readSettings({ uploadOrigins: 'https://a.example,' })).toThrow(
      'uploadOrigins is https://a.example,: it must be a list of values separated by commas',
    );
    expect(() => readSettings({ uploadOrigins: ['https://a.example'] })).toThrow(
      new ConfigurationError('The setting uploadOrigins is a list: write its values as one text, separated by commas'),
    );
  });
});
