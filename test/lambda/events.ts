import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { functionTimeoutMs } from '../../contract/durations';

/** The photo object that test events are about, by default. */
export const photoLocation = {
  bucket: 'photos',
  key: 'app/photo.jpg',
  versionId: 'version-1',
  eTag: 'd41d8cd98f00b204e9800998ecf8427e',
  isCopy: false,
  eventTime: '2026-11-23T10:00:00.000Z',
} as const;

/** One record of an S3 event notification, as S3's user guide shows it; `key` is URL-encoded. */
export function s3Record(object: Record<string, unknown> = {}, record: Record<string, unknown> = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-2',
    eventTime: photoLocation.eventTime,
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:AIDAEXAMPLE' },
    requestParameters: { sourceIPAddress: '2001:db8::1' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'photos',
      bucket: { name: photoLocation.bucket, ownerIdentity: { principalId: 'A3' }, arn: 'arn:aws:s3:::photos' },
      object: {
        key: photoLocation.key,
        size: 40_000,
        eTag: photoLocation.eTag,
        versionId: photoLocation.versionId,
        sequencer: '0055AED6DCD90281E5',
        ...object,
      },
    },
    ...record,
  };
}

/** The body of a message with S3's event notification. */
export function s3Body(...records: object[]): string {
  return JSON.stringify({ Records: records.length === 0 ? [s3Record()] : records });
}

/** The body of a message with EventBridge's `Object Created`. */
export function eventBridgeBody(object: Record<string, unknown> = {}, event: Record<string, unknown> = {}): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '123456789012',
    time: photoLocation.eventTime,
    region: 'eu-west-2',
    resources: ['arn:aws:s3:::photos'],
    detail: {
      version: '0',
      bucket: { name: photoLocation.bucket },
      object: {
        key: photoLocation.key,
        size: 40_000,
        etag: photoLocation.eTag,
        'version-id': photoLocation.versionId,
        sequencer: '617f08299329d189',
        ...object,
      },
      reason: 'PutObject',
    },
    ...event,
  });
}

/** What S3 sends once when notifications are set up. */
export const testEventBody = JSON.stringify({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-11-23T10:00:00.000Z',
  Bucket: 'photos',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
});

/** A message as the function gets it. */
export function sqsRecord(messageId: string, body: string, receives = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1763892000000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1763892000001',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-2:123456789012:uploads',
    awsRegion: 'eu-west-2',
  };
}

/** A batch of messages. */
export function sqsEvent(...records: SQSRecord[]): SQSEvent {
  return { Records: records };
}

/** The context of an invocation that has `remainingMs` left, with only the members that the function uses. */
export function lambdaContext(remainingMs = functionTimeoutMs): Context {
  const used = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => remainingMs };
  return used as Context;
}
