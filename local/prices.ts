/**
 * List prices in US dollars, region us-east-1, without free tiers, savings plans or taxes. Other regions differ by up to a
 * third: change the numbers here.
 */
export const prices = {
  asOf: '2026-11-23',
  lambda: {
    source: 'https://aws.amazon.com/lambda/pricing/',
    arm64GigabyteSecond: 0.0000133334,
    request: 0.2 / 1e6,
  },
  s3: {
    source: 'https://aws.amazon.com/s3/pricing/',
    /** PUT, COPY, POST, LIST, including PutObjectTagging. */
    write: 0.005 / 1_000,
    /** GET and all others, including GetObjectTagging. DELETE is free. */
    read: 0.0004 / 1_000,
    gigabyteMonth: 0.023,
    tagMonth: 0.0065 / 10_000,
  },
  sqs: { source: 'https://aws.amazon.com/sqs/pricing/', request: 0.4 / 1e6 },
  eventBridge: { source: 'https://aws.amazon.com/eventbridge/pricing/', customEvent: 1 / 1e6 },
  secretsManager: {
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    secretMonth: 0.4,
    call: 0.05 / 10_000,
  },
  cloudWatch: {
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    logGigabyte: 0.5,
    customMetricMonth: 0.3,
    alarmMonth: 0.1,
    dashboardMonth: 3,
  },
  xRay: { source: 'https://aws.amazon.com/xray/pricing/', trace: 5 / 1e6 },
  dataTransfer: { source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer', gigabyteOut: 0.09 },
} as const;
