import { type PhotoLocation, retractedRejectionField } from '../../contract/object-events';

/** Why a message about a photo object is sent. */
export interface MessageCause {
  readonly command: 'backfill' | 'redrive';
  /** Time of the message; milliseconds since 1970. The function measures the age of an event from here. */
  readonly nowMs: number;
  /** The rejection to retract. */
  readonly retractedRejection?: string;
}

/**
 * Creates the body of a message about a version of a photo object. It has the fields of an S3 notification that the function
 * reads (S3 user guide, "Event message structure"). `eventSource` shows that S3 did not send it.
 */
export function photoMessage(
  { bucket, key, versionId, eTag }: PhotoLocation,
  { command, nowMs, retractedRejection }: MessageCause,
): string {
  const record = {
    eventVersion: '2.1',
    eventSource: `live-photos:${command}`,
    eventTime: new Date(nowMs).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket },
      object: { key: encodeURIComponent(key).replaceAll('%20', '+'), eTag, versionId },
    },
    ...(retractedRejection !== undefined && { [retractedRejectionField]: retractedRejection }),
  };
  return JSON.stringify({ Records: [record] });
}
