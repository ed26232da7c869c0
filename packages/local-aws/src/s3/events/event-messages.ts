import type { Bucket, ObjectVersion } from '../buckets/bucket';
import type { S3Call } from '../call';
import { encodeKey } from '../requests/url-encoding';

/** The operation that created an object, as `s3:ObjectCreated:…` names it. */
export type Creation = 'Put' | 'Post' | 'Copy';

/** The creation of an object. */
export interface ObjectCreated {
  readonly call: S3Call;
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  readonly creation: Creation;
}

/** The region and the account of this S3. */
export interface EventOrigin {
  readonly region: string;
  readonly accountId: string;
}

// Principal IDs are opaque. There is only one user.
const ownerPrincipalId = 'A1LOCALOWNER';
const userPrincipalId = 'AWS:AIDALOCALUSER';

/**
 * The message body for a created object: one record of schema 2.1.
 * Source: S3 user guide, "Event message structure".
 */
export function queueMessage(event: ObjectCreated, origin: EventOrigin, configurationId: string): string {
  const { call, bucket, version, creation } = event;
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: origin.region,
    eventTime: new Date().toISOString(),
    eventName: `ObjectCreated:${creation}`,
    userIdentity: { principalId: userPrincipalId },
    requestParameters: { sourceIPAddress: call.sourceIpAddress },
    responseElements: { 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.hostId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: ownerPrincipalId },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key: encodeKey(call.key),
        size: version.bytes.length,
        eTag: version.eTag,
        ...(version.versionId !== 'null' && { versionId: version.versionId }),
        sequencer: sequencerOf(version).toUpperCase(),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** The body of the test message for a new notification (S3 user guide, "Event message structure"). */
export function testMessage(bucketName: string, requestId: string, hostId: string): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucketName,
    RequestId: requestId,
    HostId: hostId,
  });
}

/** Fixed length, so that sequencers compare as strings. */
function sequencerOf(version: ObjectVersion): string {
  return version.sequence.toString(16).padStart(18, '0');
}
