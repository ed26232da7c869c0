import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeadLetterReasonCode } from '../../contract/dead-letter-reasons';
import { readMessage } from '../../contract/object-events';
import { eventBridgeBody, photoLocation, s3Body, s3Record, testEventBody } from '../lambda/fixtures/events';

const { bucket } = photoLocation;
const nothing = { photos: [], deadLetters: [] };
const onePhoto = { photos: [photoLocation], deadLetters: [] };
const deadLettered = (body: string, reason: DeadLetterReasonCode) => ({ photos: [], deadLetters: [{ body, reason }] });

describe('an event about a created object', () => {
  it.each([
    ['an S3 event notification', s3Body()],
    ['an EventBridge event', eventBridgeBody()],
    ['a notification whose event name has the prefix s3:', s3Body(s3Record({}, { eventName: 's3:ObjectCreated:Put' }))],
    ['a notification with a byte order mark', `\ufeff${s3Body()}`],
    ['an EventBridge event with an empty list of records', eventBridgeBody({}, { Records: [] })],
    [
      'a notification of a later minor schema with unknown fields',
      s3Body(s3Record({ newField: { deep: [1] } }, { eventVersion: '2.9', glacierEventData: {}, another: null })),
    ],
    [
      'a notification with only the required fields',
      JSON.stringify({
        Records: [
          {
            eventVersion: '2.0',
            eventName: 'ObjectCreated:Put',
            eventTime: photoLocation.eventTime,
            s3: {
              bucket: { name: bucket },
              object: { key: photoLocation.key, eTag: photoLocation.eTag, versionId: photoLocation.versionId },
            },
          },
        ],
      }),
    ],
  ])('is read from %s', (_, body) => {
    expect(readMessage(body, bucket)).toEqual(onePhoto);
  });

  it('is read from each record of a notification', () => {
    const { photos } = readMessage(s3Body(s3Record({ key: 'a' }), s3Record({ key: 'b' })), bucket);
    expect(photos.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('is counted once for several records of the same object version', () => {
    const body = s3Body(s3Record({ key: 'a' }), s3Record({ key: 'a', sequencer: '2' }), s3Record({ key: 'b' }));
    expect(readMessage(body).photos.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('has a key that is decoded once in a notification, with + for a space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const encoded = encodeURIComponent(key).replaceAll('%20', '+');
        expect(readMessage(s3Body(s3Record({ key: encoded }))).photos[0]?.key).toBe(key);
      }),
    );
  });

  it('has a key that is not decoded in an EventBridge event', () => {
    expect(readMessage(eventBridgeBody({ key: 'a+b%20c %' })).photos[0]?.key).toBe('a+b%20c %');
  });

  it('keeps a byte order mark in its key, which is ignored only before the event', () => {
    expect(readMessage(`\ufeff${eventBridgeBody({ key: '\ufeffa.jpg' })}`).photos[0]?.key).toBe('\ufeffa.jpg');
    expect(readMessage(eventBridgeBody({ key: '\ufeffa.jpg' })).photos[0]?.key).toBe('\ufeffa.jpg');
  });

  it.each([
    ['a notification of a bucket without versions', s3Body(s3Record({ versionId: undefined }))],
    ['an EventBridge event of a bucket without versions', eventBridgeBody({ 'version-id': undefined })],
    ['an event with an empty version ID', eventBridgeBody({ 'version-id': '' })],
    ['an event whose version ID is no text', eventBridgeBody({ 'version-id': null })],
  ])('has no version in %s', (_, body) => {
    expect(readMessage(body).photos).toEqual([{ ...photoLocation, versionId: undefined }]);
  });

  it.each([
    ['a notification', s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' }))],
    ['an EventBridge event', eventBridgeBody({}, { detail: copiedDetail() })],
  ])('is marked as a copy in %s of CopyObject', (_, body) => {
    expect(readMessage(body).photos).toEqual([{ ...photoLocation, isCopy: true }]);
  });

  it.each([
    ['ObjectCreated:Post', false],
    ['ObjectCreated:CompleteMultipartUpload', false],
    ['ObjectCreated:SomethingNew', false],
  ])('of the type %s is a photo', (eventName, isCopy) => {
    expect(readMessage(s3Body(s3Record({}, { eventName }))).photos).toEqual([{ ...photoLocation, isCopy }]);
  });

  it('contains the retracted rejection if that is a string', () => {
    const retract = (reason: unknown) =>
      readMessage(s3Body(s3Record({}, { complycubeRetractedRejection: reason }))).photos[0]?.retractedRejection;
    expect(retract('client-unknown')).toBe('client-unknown');
    expect(retract(['client-unknown'])).toBeUndefined();
  });

  it('of any bucket is a photo if no bucket is configured', () => {
    expect(readMessage(s3Body()).photos).toEqual([photoLocation]);
  });
});

describe('a message without photos', () => {
  it.each([
    ['S3’s test event', testEventBody],
    ['EventBridge’s removal', eventBridgeBody({}, { 'detail-type': 'Object Deleted' })],
    ['a removal', s3Body(s3Record({}, { eventName: 'ObjectRemoved:Delete' }))],
    [
      'a removal that created a delete marker',
      s3Body(s3Record({}, { eventName: 's3:ObjectRemoved:DeleteMarkerCreated' })),
    ],
    ['an expiration', s3Body(s3Record({}, { eventName: 'LifecycleExpiration:Delete' }))],
    ['a removal from another bucket', s3Body(removalFrom('another'))],
  ])('is %s', (_, body) => {
    expect(readMessage(body, bucket)).toEqual(nothing);
  });
});

describe('a message that is not an event of the bucket', () => {
  it.each<[string, string, DeadLetterReasonCode]>([
    ['text', 'hello', 'not-json'],
    ['an empty body', '', 'not-json'],
    ['JSON that is cut off', s3Body().slice(0, -2), 'not-json'],
    ['null', 'null', 'not-an-event'],
    ['a number', '1', 'not-an-event'],
    ['an array', '[]', 'not-an-event'],
    ['an array of events', `[${eventBridgeBody()}]`, 'not-an-event'],
    ['an empty object', '{}', 'not-an-event'],
    ['an object of another kind', '{"hello":"world"}', 'not-an-event'],
    ['a notification without records', '{"Records":[]}', 'not-an-event'],
    ['records that are not a list', '{"Records":{}}', 'not-an-event'],
    ['EventBridge’s event of another service', eventBridgeBody({}, { source: 'aws.ec2' }), 'not-an-event'],
    [
      'EventBridge’s event of tags',
      eventBridgeBody({}, { 'detail-type': 'Object Tags Added' }),
      'event-type-unsupported',
    ],
    ['a restore', s3Body(s3Record({}, { eventName: 'ObjectRestore:Completed' })), 'event-type-unsupported'],
    ['an event of tags', s3Body(s3Record({}, { eventName: 'ObjectTagging:Put' })), 'event-type-unsupported'],
    [
      'a type that only ends like a removal',
      s3Body(s3Record({}, { eventName: 'MyObjectRemoved:Delete' })),
      'event-type-unsupported',
    ],
    ['another major schema', s3Body(s3Record({}, { eventVersion: '3.0' })), 'schema-unsupported'],
    ['a schema that only starts like 2', s3Body(s3Record({}, { eventVersion: '20.1' })), 'schema-unsupported'],
    ['no schema', s3Body(s3Record({}, { eventVersion: undefined })), 'record-malformed'],
    ['no event name', s3Body(s3Record({}, { eventName: undefined })), 'record-malformed'],
    ['a malformed escape in the key', s3Body(s3Record({ key: 'a%E0%A4%A' })), 'record-malformed'],
    ['no key', s3Body(s3Record({ key: undefined })), 'record-malformed'],
    ['an empty key', s3Body(s3Record({ key: '' })), 'record-malformed'],
    ['a key that is a number', s3Body(s3Record({ key: 1 })), 'record-malformed'],
    ['no ETag', s3Body(s3Record({ eTag: undefined })), 'record-malformed'],
    ['no EventBridge ETag', eventBridgeBody({ etag: undefined }), 'record-malformed'],
    ['no time', s3Body(s3Record({}, { eventTime: undefined })), 'record-malformed'],
    ['a time that is not a time', s3Body(s3Record({}, { eventTime: 'yesterday' })), 'record-malformed'],
    ['no S3 part', s3Body(s3Record({}, { s3: undefined })), 'record-malformed'],
    ['no detail', eventBridgeBody({}, { detail: undefined }), 'record-malformed'],
    ['a record that is null', '{"Records":[null]}', 'record-malformed'],
    ['a record that is a list', '{"Records":[[]]}', 'record-malformed'],
    ['a record next to other fields', '{ "Records": [null], "traceId": 1 }', 'record-malformed'],
    ['another bucket', s3Body(s3Record({}, { s3: inBucket('another') })), 'wrong-bucket'],
    [
      'a bucket whose name starts with the same letters',
      s3Body(s3Record({}, { s3: inBucket('photos2') })),
      'wrong-bucket',
    ],
    ['EventBridge’s event of another bucket', eventBridgeBody({}, { detail: copiedDetail('another') }), 'wrong-bucket'],
  ])('is dead-lettered completely: %s', (_, body, reason) => {
    expect(readMessage(body, bucket)).toEqual(deadLettered(body, reason));
  });

  it('is dead-lettered without its good records, in one message for each reason', () => {
    const malformed = s3Record({ key: undefined });
    const foreign = s3Record({}, { s3: inBucket('another') });
    const removed = s3Record({}, { eventName: 'ObjectRemoved:Delete' });
    const body = s3Body(malformed, s3Record(), removed, foreign, s3Record({ key: 'b' }));
    expect(readMessage(body, bucket)).toEqual({
      photos: [photoLocation, { ...photoLocation, key: 'b' }],
      deadLetters: [
        { body: s3Body(malformed), reason: 'record-malformed' },
        { body: s3Body(foreign), reason: 'wrong-bucket' },
      ],
    });
  });

  it('becomes one dead-lettered message for each reason, even with thousands of records', () => {
    const foreign = s3Record({}, { s3: inBucket('another') });
    const body = s3Body(...Array.from({ length: 1_000 }, () => [{}, foreign]).flat());
    expect(readMessage(body, bucket).deadLetters).toEqual([
      { body: s3Body(...Array.from({ length: 1_000 }, () => ({}))), reason: 'record-malformed' },
      { body: s3Body(...Array.from({ length: 1_000 }, () => foreign)), reason: 'wrong-bucket' },
    ]);
    const malformed = `{"Records":[${'{},'.repeat(80_000)}{}]}`;
    expect(readMessage(malformed, bucket)).toEqual(deadLettered(malformed, 'record-malformed'));
  });

  it('is dead-lettered completely if a record is nested too deeply to be serialized', () => {
    const record = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const whole = `{"Records":[${JSON.stringify(s3Record())},${record}]}`;
    expect(readMessage(whole, bucket)).toEqual({
      photos: [photoLocation],
      deadLetters: [{ body: isSerializable(record) ? `{"Records":[${record}]}` : whole, reason: 'record-malformed' }],
    });
  });

  it('is read without an exception for any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((json) => `{"Records":[${json}]}`),
          fc.json().map((json) => `{"source":"aws.s3","detail-type":"Object Created","detail":${json}}`),
        ),
        (body) => {
          const { photos, deadLetters } = readMessage(body, bucket);
          expect(photos.length + deadLetters.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

function inBucket(name: string) {
  return { bucket: { name }, object: s3Record().s3.object };
}

function removalFrom(name: string) {
  return s3Record({}, { eventName: 'ObjectRemoved:Delete', s3: inBucket(name) });
}

/** The detail of EventBridge's event about CopyObject. */
function copiedDetail(name: string = bucket) {
  const { detail } = JSON.parse(eventBridgeBody()) as { detail: object };
  return { ...detail, bucket: { name }, reason: 'CopyObject' };
}

/** Node 26 serializes JSON of any depth. */
function isSerializable(json: string): boolean {
  const value = JSON.parse(json) as unknown;
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
