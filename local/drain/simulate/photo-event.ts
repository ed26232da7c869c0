/** The bucket of the simulated photos. */
export const photoBucket = 'photos';

/** The event of a photo, as S3 sends it: only the fields that the function reads. */
export function photoEvent(photo: number, createdAtMs: number): string {
  const object = { key: String(photo), eTag: 'photo', versionId: '1', size: 40_000 };
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        eventTime: new Date(createdAtMs).toISOString(),
        s3: { bucket: { name: photoBucket }, object },
      },
    ],
  });
}
