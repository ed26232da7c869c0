import { describe, expect, it } from '@jest/globals';
import { benchHelp } from '../bench/bench-arguments';
import { costHelp } from '../bench/cost/cost-arguments';
import { monthlyBill } from '../bench/cost/monthly-bill';
import { renderBill } from '../bench/cost/render-bill';
import { commands } from '../cli/commands';
import { renderFindings } from '../cli/doctor/doctor';
import { deployAgain } from '../cli/doctor/finding';
import { renderHelp } from '../cli/help';
import { pausedSentences } from '../cli/pause/pause';
import { deadLetterReasons } from '../cli/redrive/dead-letter-reason';
import { ReasonCounts } from '../cli/redrive/reason-counts';
import { undeliveredReasons } from '../cli/redrive/undelivered-reason';
import { describeStatus } from '../cli/status/describe-status';
import type { PhotoStatus } from '../cli/status/photo-status';
import { fit } from '../cli/terminal/fit';
import { widthOf } from '../cli/terminal/text';
import { endToEndHelp } from '../e2e/arguments';
import { chaosHelp } from '../local/chaos/chaos-arguments';
import { dashboardHelp } from '../local/dashboard/dashboard-arguments';
import { drainHelp } from '../local/drain/drain-arguments';
import { renderDrain } from '../local/drain/render-drain';
import { paintFor } from '../local/paint';
import { help as standInHelp } from '../local/stand-in/command-line';
import type { LocalPipeline } from '../local/pipeline/pipeline';
import { renderEndpoints } from '../local/start/endpoints';
import { renderReport } from '../local/start/report';
import { startHelp } from '../local/start/start-arguments';

const columns = 40;
const paint = paintFor({ isTTY: true }, {});

function countsOf(descriptions: Readonly<Record<string, string>>): string {
  const counts = new ReasonCounts('dead-letter queue', descriptions);
  const message = { messageId: 'id', receiptHandle: 'r', body: '', reasonCode: undefined, deliveryError: undefined };
  const detail = 'ComplyCube answered 402: the account has no more credit';
  counts.addClassified(Object.keys(descriptions).map((reason) => ({ reason, message, detail })));
  return counts.render(true);
}

const result = {
  key: 'samples/a photo that ComplyCube accepts.jpg',
  ...{ bytes: 4_194_304, status: 'uploaded' as const, livePhotoId: '6ab7c0d1e2f3a4b5c6d7e8f9' },
  ...{ deliveries: 1, ms: 1_204, expected: 'uploaded' as const, isAsExpected: true },
};
const month = { photos: 1_000_000, photoBytes: 500_000, requestsPerSecond: 10 };
const drainFigures = {
  ...{
    livePhotos: 2_000,
    shareOfLimit: 0.98,
    calls: 2_004,
    refused: 0,
    shareRefused: 0,
    peakRequestsPerSecond: 10,
    greatestDelayMs: 3,
  },
  ...{ tookMs: 204_000, invocationsEnded: 4, billedMsPerPhoto: 80, dollarsPerMillion: 1.2 },
};

const findings = [
  { check: 'bucket', verdict: 'right', said: 'It exists and is versioned' },
  { check: 'dead-letter policy', verdict: 'warning', said: 'Everyone is allowed: sqs:SendMessage', mend: deployAgain },
  { check: 'policies', verdict: 'unchecked', said: 'the local servers check no policies' },
] as const;
const known = <Value>(value: Value) => ({ isKnown: true, value }) as const;
const photoStatus: PhotoStatus = {
  photo: {
    location: { bucket: 'photos', key: 'photos/a photo.jpg', versionId: 'v', eTag: 'e', isCopy: false, eventTime: '' },
    ...{ bytes: 4_194_304, putAtMs: 0, isCurrent: true, unprocessable: undefined },
  },
  metadata: known({
    ...{ clientId: 'c', clientIdForm: 'well-formed', performLivenessCheck: undefined, isMarkedToSkip: true },
  }),
  ...{ othersTags: 2, outcome: { kind: 'none' }, claim: known(undefined), atComplyCube: undefined },
};
const statusFormat = {
  ...{ nowMs: 0, isClientIdShown: false, clientIdMetadata: 'client-id', keyPrefixes: undefined },
};
const url = 'http://127.0.0.1:12345';
const pipeline = {
  ...{ s3: { url }, sqs: { url }, secretsManager: { url }, eventBridge: { url } },
  deployment: { photoBucket: 'livephotos-uploaderphotobucket', queueUrl: `${url}/000000000000/UploadQueue` },
  ...{ awsVariables: { AWS_REGION: 'eu-west-2', AWS_ENDPOINT_URL_S3: url }, function: { variables: {} } },
} as unknown as LocalPipeline;

const outputs: readonly (readonly [name: string, text: string])[] = [
  ['live-photos --help', renderHelp([], columns)],
  ...Object.keys(commands).map((name) => [`live-photos ${name} --help`, renderHelp([name], columns)] as const),
  ...Object.entries({ startHelp, standInHelp, chaosHelp, drainHelp, dashboardHelp, endToEndHelp, benchHelp, costHelp }),
  ['redrive dead-letters', countsOf(deadLetterReasons)],
  ['redrive undelivered-events', countsOf(undeliveredReasons)],
  ['doctor', renderFindings(findings, 'LivePhotos')],
  ['status', describeStatus(photoStatus, statusFormat).join('\n')],
  ['pause', pausedSentences.join('\n')],
  ['npm start -- --serve', renderEndpoints(pipeline, url, { page: url, stack: url })],
  ['npm start', renderReport([result, { ...result, isAsExpected: false, status: 'rejected' }], paint)],
  ['npm run cost', renderBill(monthlyBill(month), month)],
  [
    'npm run drain',
    renderDrain(
      drainFigures,
      { leastShareOfLimit: 0.97, shareRefusedBelow: 0.001, mostDollars: 1.6, leastInvocationsEnded: 2 },
      paint,
    ),
  ],
];

/** Whether a line can't be broken: it is one word, or a command or text in backquotes to copy. */
function isUnbreakable(line: string): boolean {
  const text = line.trim();
  return (
    !text.includes(' ') ||
    /^(?:npm|npx|aws|live-photos|export|[A-Z\d_]+=\S+) /.test(text) ||
    /^`[^`]*`[.,;:)]?$/.test(text)
  );
}

describe(`on a terminal of ${columns} columns`, () => {
  it.each(outputs)('%s has no line that is longer, except what must not be broken', (_, text) => {
    const lines = fit(text, columns).split('\n');
    expect(lines.filter((line) => widthOf(line) > columns && !isUnbreakable(line))).toEqual([]);
  });

  it.each(outputs)('%s has all words, in their order', (_, text) => {
    const words = (of: string): string[] => of.split(/\s+/);
    expect(words(fit(text, columns))).toEqual(words(text));
  });
});
