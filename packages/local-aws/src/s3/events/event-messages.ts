import { randomUUID } from 'node:crypto';
import type { Bucket, ObjectVersion } from '../buckets/bucket';
import type { S3Call } from '../operation';
import type { Creation } from '../objects/store-object';
import { encodeKey } from '../requests/url-encoding';

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

/** S3's event on the default event bus for a created object. */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Object Created';
  readonly source: 'aws.s3';
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly version: '0';
    readonly bucket: { readonly name: string };
    readonly object: {
      /** Not encoded. */
      readonly key: string;
      readonly size: number;
      readonly etag: string;
      readonly 'version-id'?: string;
      readonly sequencer: string;
    };
    readonly 'request-id': string;
    readonly requester: string;
    readonly 'source-ip-address': string;
    readonly reason: 'PutObject' | 'POST Object' | 'CopyObject';
  };
}

const reasons = { Put: 'PutObject', Post: 'POST Object', Copy: 'CopyObject' } as const;

/**
 * Makes S3's event on the default event bus for a created object.
 * Source: S3 user guide, "EventBridge event message structure".
 */
export function eventBridgeEvent(event: ObjectCreated, origin: EventOrigin): EventBridgeEvent {
  const { call, bucket, version, creation } = event;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: origin.accountId,
    time: version.lastModified.toISOString().replace('.000Z', 'Z'),
    region: origin.region,
    resources: [`arn:aws:s3:::${bucket.name}`],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: call.key,
        size: version.bytes.length,
        etag: version.eTag,
        ...(version.versionId !== 'null' && { 'version-id': version.versionId }),
        sequencer: sequencerOf(version),
      },
      'request-id': call.requestId,
      requester: origin.accountId,
      'source-ip-address': call.sourceIpAddress,
      reason: reasons[creation],
    },
  };
}

/** Fixed length, so that sequencers compare as strings. */
function sequencerOf(version: ObjectVersion): string {
  return version.sequence.toString(16).padStart(18, '0');
}
