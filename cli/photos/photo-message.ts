import { type PhotoLocation, retractedRejectionField } from '../../contract/object-events';

/** Why a photo object is announced again. */
export interface AnnouncementCause {
  readonly command: 'backfill' | 'redrive';
  /** When it is announced; milliseconds since 1970. The function measures from here how old an event is. */
  readonly nowMs: number;
  /** The rejection that is taken back. */
  readonly retractedRejection?: string;
}

/**
 * The body of a message that announces a photo object's version as S3's own notification does (S3 user guide, "Event message
 * structure"), with what the function reads of it; its source says that it is none of S3's.
 */
export function announce(
  { bucket, key, versionId, eTag }: PhotoLocation,
  { command, nowMs, retractedRejection }: AnnouncementCause,
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
