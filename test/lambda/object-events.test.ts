import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeError } from '../../lambda/log';
import { MalformedEventError, parseObjectEvents } from '../../lambda/object-events';
import { eventBridgeBody, photoLocation, s3Body, s3Record, testEventBody } from './events';

describe('parseObjectEvents', () => {
  it('reads the location from an S3 event notification', () => {
    expect(parseObjectEvents(s3Body())).toEqual([photoLocation]);
  });

  it('reads the location from an EventBridge event', () => {
    expect(parseObjectEvents(eventBridgeBody())).toEqual([photoLocation]);
  });

  it('takes no event for one whose time can’t be read', () => {
    expect(() => parseObjectEvents(s3Body(s3Record({}, { eventTime: 'yesterday' })))).toThrow(MalformedEventError);
  });

  it('reads every record of a notification', () => {
    const body = s3Body(s3Record({ key: 'a' }), s3Record({ key: 'b' }));
    expect(parseObjectEvents(body).map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('decodes a notification’s key once, with + for a space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const encoded = encodeURIComponent(key).replaceAll('%20', '+');
        expect(parseObjectEvents(s3Body(s3Record({ key: encoded })))[0]?.key).toBe(key);
      }),
    );
  });

  it('takes an EventBridge event’s key as it is', () => {
    expect(parseObjectEvents(eventBridgeBody({ key: 'a+b%20c %' }))[0]?.key).toBe('a+b%20c %');
  });

  it.each([
    ['a bucket without versions', s3Body(s3Record({ versionId: undefined }))],
    ['a version ID that is empty', eventBridgeBody({ 'version-id': '' })],
  ])('gives no version for %s', (_, body) => {
    expect(parseObjectEvents(body)[0]?.versionId).toBeUndefined();
  });

  it('tolerates a later minor schema and fields that it does not know', () => {
    const record = s3Record({ newField: { deep: [1] } }, { eventVersion: '2.9', glacierEventData: {}, another: null });
    expect(parseObjectEvents(s3Body(record))).toEqual([photoLocation]);
  });

  it('finds no photo in S3’s test event', () => {
    expect(parseObjectEvents(testEventBody)).toEqual([]);
  });

  it.each([
    ['text', 'hello'],
    ['an empty body', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['an object of another kind', '{"hello":"world"}'],
    ['another EventBridge event', eventBridgeBody({}, { 'detail-type': 'Object Deleted' })],
    ['another S3 event', s3Body(s3Record({}, { eventName: 'ObjectRemoved:Delete' }))],
    ['another major schema', s3Body(s3Record({}, { eventVersion: '3.0' }))],
    ['a malformed escape in the key', s3Body(s3Record({ key: 'a%E0%A4%A' }))],
    ['a key that is missing', s3Body(s3Record({ key: undefined }))],
    ['an ETag that is missing', s3Body(s3Record({ eTag: undefined }))],
    ['a record that is null', '{"Records":[null]}'],
  ])('calls %s malformed', (_, body) => {
    expect(() => parseObjectEvents(body)).toThrow(MalformedEventError);
  });

  it('gives locations or calls the body malformed, whatever JSON it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((json) => `{"Records":[${json}]}`),
        ),
        (body) => {
          try {
            expect(Array.isArray(parseObjectEvents(body))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedEventError);
          }
        },
      ),
    );
  });

  it('keeps the body’s text out of its errors', () => {
    const secret = '5eb1276d96be4a0008713af5';
    for (const body of [secret, JSON.stringify({ Records: secret }), s3Body(s3Record({ key: `${secret}%` }))]) {
      let thrown: unknown;
      try {
        parseObjectEvents(body);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(MalformedEventError);
      expect(describeError(thrown)).not.toContain(secret);
    }
  });
});
