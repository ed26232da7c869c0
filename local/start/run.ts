import { setImmediate as nextTurn } from 'node:timers/promises';
import { exitStatus } from '../../cli/exit-status';
import { aborted } from '../../cli/terminal/command';
import { noticeFitted, printFitted } from '../../cli/terminal/terminal';
import { count } from '../../cli/terminal/text';
import { type ServedPage, servePage } from '../page/serve-page';
import { paintFor } from '../paint';
import { LastErrors } from '../pipeline/last-errors';
import { connectToS3, startPipeline } from '../pipeline/pipeline';
import { startStackEndpoint } from '../pipeline/stack-endpoint';
import { localAccount } from '../pipeline/template';
import { chooseRealComplyCube, type ComplyCubeChoice, startStandIn } from './choose-complycube';
import { renderEndpoints } from './endpoints';
import { FunctionLog } from './function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from './photo-run';
import { renderLogged, renderProgress, renderReport } from './report';
import type { StartArguments } from './start-arguments';

/**
 * Starts the pipeline, uploads the photos, and with `--serve` serves the page until it is interrupted.
 * @returns the exit status.
 */
export async function runStart(
  options: StartArguments,
  photos: readonly PhotoToPut[],
  signal: AbortSignal,
): Promise<number> {
  if (await pollForInterruption(signal)) return reportInterruption();
  const complyCube = await chooseComplyCube(options);
  let page: ServedPage | undefined;
  try {
    if (options.isServing) page = await servePage(complyCube, options.origins);
    return await run(options, photos, { complyCube, page, signal });
  } finally {
    await page?.close();
    await complyCube.close();
  }
}

async function chooseComplyCube({ own, isReal, isServing }: StartArguments): Promise<ComplyCubeChoice> {
  if (!isReal) return startStandIn(own === undefined && !isServing);
  const complyCube = chooseRealComplyCube(process.env);
  // On standard error, because standard output is only JSON with --json.
  noticeFitted(`Photos are sent to ${complyCube.name}: live photos can cost money.`);
  return complyCube;
}

/** The local servers accept every role. The function erases photos only if the stack names one. */
const localOperator = `arn:aws:iam::${localAccount.accountId}:role/local`;

interface RunDeps {
  readonly complyCube: ComplyCubeChoice;
  readonly page: ServedPage | undefined;
  /** Aborted when the user interrupts the command. */
  readonly signal: AbortSignal;
}

/** Starts the pipeline and uploads the photos. With a page, serves it until interrupted. */
async function run(
  { own, clientIdMetadata, isJson, hasLogs }: StartArguments,
  photos: readonly PhotoToPut[],
  { complyCube, page, signal }: RunDeps,
): Promise<number> {
  const paint = paintFor(process.stdout);
  const print = (text: string): void => {
    if (!isJson) printFitted(text);
  };
  let isUploading = photos.length > 0;
  const log = new FunctionLog((photo) => {
    // After Ctrl-C, the pipeline may take seconds to stop.
    if (signal.aborted) return;
    // The results show the outcomes of the given photos.
    if (isUploading && photo.status !== undefined) return;
    print(renderLogged(photo, paint));
  });
  const lastErrors = new LastErrors();
  const pipeline = await startPipeline({
    complyCube: complyCube.access,
    waitSpeed: complyCube.waitSpeed,
    ...page?.pipelineOptions,
    settings: { ...page?.pipelineOptions.settings, clientIdMetadata, operatorRoleArns: localOperator },
    onLogLine: (line) => {
      log.take(line);
      lastErrors.take(line);
      page?.logLine(line);
      if (hasLogs) console.error(line);
    },
    onError: ({ message }) => noticeFitted(`An invocation failed: ${message}`),
  });
  const s3 = connectToS3(pipeline);
  try {
    if (await pollForInterruption(signal)) return reportInterruption();
    page?.open(pipeline, s3);
    print('The stack runs on this machine.');
    if (isUploading)
      print(`Uploading ${count(photos.length, 'photo')} to S3. The function sends them to ${complyCube.name}:`);
    let done = 0;
    const onResult = (result: PhotoResult): void => {
      if (signal.aborted) return;
      const progress = `${String(++done).padStart(String(photos.length).length)}/${photos.length}`;
      print(renderProgress(result, progress, paint));
    };
    const bucket = pipeline.deployment.photoBucket;
    const results = await runPhotos(photos, { s3, bucket, log, onResult, signal });
    if (isUploading && (await pollForInterruption(signal))) return reportInterruption();
    if (isJson) console.log(JSON.stringify(results, null, 2));
    if (isUploading) {
      print(renderReport(results, paint));
      if (complyCube.waitSpeed > 1) print(`Waits before retries were divided by ${complyCube.waitSpeed}.`);
      if (own === undefined) print('Next: `npm start -- --serve` serves a web page for your own photos.');
    }
    isUploading = false;
    if (page !== undefined) {
      const endpoint = await startStackEndpoint(pipeline, lastErrors);
      print(renderEndpoints(pipeline, complyCube.access.baseUrl, { page: page.url, stack: endpoint.url }));
      await aborted(signal);
      print('\nStopping.');
      await endpoint.close();
    }
    return results.every(({ isAsExpected }) => isAsExpected) ? exitStatus.done : exitStatus.wrong;
  } finally {
    s3.destroy();
    await pipeline.stop();
  }
}

/**
 * Whether the user pressed Ctrl-C, also while the program loaded or bundled without a pause. Node handles signals when it polls for
 * events. It has polled after two turns of the event loop: after an I/O callback, the first one begins before the poll.
 */
async function pollForInterruption(signal: AbortSignal): Promise<boolean> {
  await nextTurn();
  await nextTurn();
  return signal.aborted;
}

function reportInterruption(): number {
  console.error('\nInterrupted.');
  return exitStatus.interrupted;
}
