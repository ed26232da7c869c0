import { metrics } from '../../contract/metrics';
import { rejectionReasons } from '../../contract/outcome';
import { prices } from '../../local/prices';

/** The photos of a month. */
export interface Month {
  readonly photos: number;
  readonly photoBytes: number;
  /** The account's rate limit at ComplyCube. */
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
const hoursAMonth = 30 * 24;
const secondsAMonth = hoursAMonth * 3600;
/** The service of the line that is neither fixed nor in proportion to the photos. */
export const metricsService = 'CloudWatch metrics';
/** Resources that exist with and without photos. */
export const fixedResources = { alarms: 12, secrets: 1, environments: 2, pollers: 5 } as const;
/** Without erasures, the function publishes none of their metrics. */
const metricsOfUploads = Object.keys(metrics).filter((name) => !name.startsWith('Eras') && name !== 'PhotosErased');
/** Measured per photo: the log of the function and of Lambda, the size of the claim, and the billed time. */
const perPhoto = { logBytes: 2_000, claimBytes: 500, billedMs: 400, memoryGigabytes: 0.5 } as const;

/**
 * Computes what a month costs on AWS, by service. It assumes the most expensive case: one photo per batch, photos in as many
 * hours as possible, and all photos are stored for the whole month. ComplyCube's prices are not included.
 */
export function monthlyBill({ photos, photoBytes }: Month): BillLine[] {
  const { lambda, s3, sqs, eventBridge, secretsManager, cloudWatch, xRay, dataTransfer } = prices;
  // A long poll takes 20 seconds. Each execution environment reads the secret every five minutes.
  const polls = (fixedResources.pollers * secondsAMonth) / 20;
  const secretReads = (fixedResources.environments * secondsAMonth) / 300;
  const traces = Math.min(photos, secondsAMonth) + 0.05 * Math.max(0, photos - secondsAMonth);
  const stored = photos * (photoBytes + perPhoto.claimBytes);
  return [
    {
      service: 'Lambda',
      dollars:
        photos * (lambda.request + (perPhoto.billedMs / 1000) * perPhoto.memoryGigabytes * lambda.arm64GigabyteSecond),
      what: `${perPhoto.billedMs} ms a photo at 512 MB, arm64, one per batch; batches of ten need less than a quarter`,
      source: lambda.source,
    },
    {
      service: 'S3 requests',
      dollars: photos * (3 * s3.write + 2 * s3.read),
      what: 'per photo: PUT, claim, GET; after the upload tags read and written',
      source: s3.source,
    },
    {
      service: 'S3 storage',
      dollars: (stored / gigabyte) * s3.gigabyteMonth + photos * 2 * s3.tagMonth,
      what: `${(stored / gigabyte).toFixed(0)} GB of photos and claims, two tags per photo`,
      source: s3.source,
    },
    {
      service: 'SQS',
      dollars: (photos * 4 + polls) * sqs.request,
      what: 'per photo: send, receive, set the visibility timeout, delete; polls',
      source: sqs.source,
    },
    {
      service: 'EventBridge',
      dollars: photos * eventBridge.customEvent,
      what: 'one event per outcome',
      source: eventBridge.source,
    },
    {
      service: 'Secrets Manager',
      dollars: fixedResources.secrets * secretsManager.secretMonth + secretReads * secretsManager.call,
      what: 'the API key, read every five minutes',
      source: secretsManager.source,
    },
    {
      service: 'CloudWatch',
      dollars:
        ((photos * perPhoto.logBytes) / gigabyte) * cloudWatch.logGigabyte +
        fixedResources.alarms * cloudWatch.alarmMonth +
        cloudWatch.dashboardMonth,
      what: 'logs, alarms, a dashboard',
      source: cloudWatch.source,
    },
    {
      service: metricsService,
      dollars:
        (metricsOfUploads.length + rejectionReasons.length) *
        cloudWatch.customMetricMonth *
        Math.min(1, photos / hoursAMonth),
      what: 'charged for hours with photos, here as many hours as there are photos',
      source: cloudWatch.source,
    },
    {
      service: 'X-Ray',
      dollars: traces * xRay.trace,
      what: 'one trace per second, and 5 % of the others',
      source: xRay.source,
    },
    {
      service: 'data transfer',
      dollars: ((photos * photoBytes * 4) / 3 / gigabyte) * dataTransfer.gigabyteOut,
      what: 'the photos to ComplyCube, as base64',
      source: dataTransfer.source,
    },
  ];
}

/** Hours that the photos take at ComplyCube's rate limit. */
export function hoursAtPace({ photos, requestsPerSecond }: Month): number {
  return photos / requestsPerSecond / 3600;
}

/** The sum of some lines. */
export function totalOf(lines: readonly BillLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
