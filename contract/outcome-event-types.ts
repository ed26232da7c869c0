/** The `source` of the function's events. */
export const eventSource = 'complycube.live-photos';

/** The `detail-type` of the function's events. Public contract, as is their `detail` (docs/outcome-event.schema.json). */
export const eventTypes = {
  uploaded: 'Live Photo Uploaded',
  rejected: 'Live Photo Rejected',
  untagged: 'Live Photo Uploaded But Not Tagged',
  erased: 'Live Photo Erased',
} as const;
