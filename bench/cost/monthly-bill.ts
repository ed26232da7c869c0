import { metrics } from '../../contract/metrics';
import { rejectionReasons } from '../../contract/outcome';
import { prices } from '../prices';

/** What a month looks like. */
export interface Month {
  readonly photos: number;
  /** Of one photo. */
  readonly photoBytes: number;
  /** Calls to ComplyCube that the account may start in a second. */
  readonly requestsPerSecond: number;
}

/** One line of the bill. */
export interface BillLine {
  readonly service: string;
  readonly dollars: number;
  readonly what: string;
  readonly source: string;
}

const gigabyte = 1e9;
const secondsAMonth = 30 * 24 * 3600;
/** What the stack has, whatever it does. */
export const standing = { alarms: 9, secrets: 1, environments: 2, pollers: 5 } as const;
/** Measured: what the function and Lambda log for a photo, what a claim's object holds, and what Lambda bills for a photo. */
const aPhoto = { logBytes: 2_000, claimBytes: 500, billedMs: 400, memoryGigabytes: 0.5 } as const;

/**
 * What a month costs, by service: every photo alone in its batch, which is the dearest, uploaded at once, and kept to the month's
 * end. ComplyCube's own prices are not known here.
 */
export function monthlyBill({ photos, photoBytes }: Month): BillLine[] {
  const { lambda, s3, sqs, eventBridge, secretsManager, cloudWatch, xRay, dataTransfer } = prices;
  // A long poll lasts 20 seconds; each environment reads the secret every five minutes.
  const polls = (standing.pollers * secondsAMonth) / 20;
  const secretReads = (standing.environments * secondsAMonth) / 300;
  const traces = Math.min(photos, secondsAMonth) + 0.05 * Math.max(0, photos - secondsAMonth);
  const stored = photos * (photoBytes + aPhoto.claimBytes);
  return [
    {
      service: 'Lambda',
      dollars:
        photos * (lambda.request + (aPhoto.billedMs / 1000) * aPhoto.memoryGigabytes * lambda.arm64GigabyteSecond),
      what: `${aPhoto.billedMs} ms a photo at 512 MB, arm64, alone in its batch; in batches of ten less than a quarter`,
      source: lambda.source,
    },
    {
      service: 'S3 requests',
      dollars: photos * (3 * s3.write + 2 * s3.read),
      what: 'a photo: PUT, claim, tags written; GET, tags read',
      source: s3.source,
    },
    {
      service: 'S3 storage',
      dollars: (stored / gigabyte) * s3.gigabyteMonth + photos * 2 * s3.tagMonth,
      what: `${(stored / gigabyte).toFixed(0)} GB of photos and claims, two tags a photo`,
      source: s3.source,
    },
    {
      service: 'SQS',
      dollars: (photos * 3 + polls) * sqs.request,
      what: 'send, receive, delete; polls',
      source: sqs.source,
    },
    {
      service: 'EventBridge',
      dollars: photos * eventBridge.customEvent,
      what: 'an event for each outcome',
      source: eventBridge.source,
    },
    {
      service: 'Secrets Manager',
      dollars: standing.secrets * secretsManager.secretMonth + secretReads * secretsManager.call,
      what: 'the API key, read every five minutes',
      source: secretsManager.source,
    },
    {
      service: 'CloudWatch',
      dollars:
        ((photos * aPhoto.logBytes) / gigabyte) * cloudWatch.logGigabyte +
        (Object.keys(metrics).length + rejectionReasons.length) * cloudWatch.customMetricMonth +
        standing.alarms * cloudWatch.alarmMonth +
        cloudWatch.dashboardMonth,
      what: 'logs, metrics, alarms, a dashboard',
      source: cloudWatch.source,
    },
    { service: 'X-Ray', dollars: traces * xRay.trace, what: 'one trace a second, 5 % beyond', source: xRay.source },
    {
      service: 'data transfer',
      dollars: ((photos * photoBytes * 4) / 3 / gigabyte) * dataTransfer.gigabyteOut,
      what: 'the photos as base64, out to ComplyCube',
      source: dataTransfer.source,
    },
  ];
}

/** How many hours the photos take at the vendor's pace. */
export function hoursAtPace({ photos, requestsPerSecond }: Month): number {
  return photos / requestsPerSecond / 3600;
}
