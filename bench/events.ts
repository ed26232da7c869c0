import type { SQSEvent } from 'aws-lambda';

/** Sizes of photos, in bytes. */
export const photoBytes = { small: 40_000, medium: 500_000, large: 4_000_000 } as const;

/** Version of a photo with an expired claim: the outcome of its earlier delivery is unknown. */
export const redeliveredVersionId = 'redelivered';

/** Makes the body of S3's event for a photo object. The key contains the size. */
export function notificationBody(bytes: number, versionId = 'version-1'): string {
  const object = { key: `${bytes}.jpg`, size: bytes, eTag: 'd41d8cd98f00b204e9800998ecf8427e', versionId };
  const s3 = { bucket: { name: 'photos' }, object };
  const record = { eventVersion: '2.1', eventName: 'ObjectCreated:Put', eventTime: '2026-11-23T10:00:00.000Z', s3 };
  return JSON.stringify({ Records: [record] });
}

/** Makes a batch as Lambda passes it to the function. */
export function batchOf(photos: number, bytes: number, versionId?: string): SQSEvent {
  return {
    Records: Array.from({ length: photos }, (_, at) => ({
      messageId: `message-${at}`,
      receiptHandle: `receipt-${at}`,
      body: notificationBody(bytes, versionId),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1763892000000',
        SenderId: 'AIDAEXAMPLE',
        ApproximateFirstReceiveTimestamp: '1763892000001',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:uploads',
      awsRegion: 'us-east-1',
    })),
  };
}
