import { UsageError } from '../../cli/command-error';
import { aborted, abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { count } from '../../cli/terminal/text';
import { EnvironmentError } from '../../lambda/read-environment';
import { type ServedPage, servePage } from '../page/serve-page';
import { paintFor } from '../paint';
import { LastErrors } from '../pipeline/last-errors';
import { connectToS3, startPipeline } from '../pipeline/pipeline';
import { startStackEndpoint } from '../pipeline/stack-endpoint';
import { chooseRealComplyCube, type ComplyCubeChoice, startStandIn } from './choose-complycube';
import { renderEndpoints } from './endpoints';
import { FunctionLog } from './function-log';
import { loadPhotos } from './load-photos';
import { type PhotoResult, type PhotoToPut, runPhotos } from './photo-run';
import { renderLogged, renderProgress, renderReport } from './report';
import { makeSampleSet } from './sample-set';
import { parseStartArguments, type StartArguments, startHelp } from './start-arguments';

const exitStatus = { asExpected: 0, notAsExpected: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const options = parseStartArguments(words);
  if (options === 'help') {
    console.log(startHelp);
    return exitStatus.asExpected;
  }
  const photos = choosePhotos(options);
  const complyCube = await chooseComplyCube(options);
  let page: ServedPage | undefined;
  try {
    if (options.isServing) page = await servePage(complyCube);
    const results = await run(options, photos, complyCube, page);
    return results.every(({ isAsExpected }) => isAsExpected) ? exitStatus.asExpected : exitStatus.notAsExpected;
  } finally {
    await page?.close();
    await complyCube.close();
  }
}

function choosePhotos({ own, isServing }: StartArguments): PhotoToPut[] {
  if (own !== undefined) return loadPhotos(own.paths, own.clientId);
  return isServing ? [] : makeSampleSet();
}

async function chooseComplyCube({ own, isReal, isServing }: StartArguments): Promise<ComplyCubeChoice> {
  if (!isReal) return startStandIn(own === undefined && !isServing);
  const complyCube = chooseRealComplyCube(process.env);
  // On standard error, because standard output is only JSON with --json.
  console.error(`Photos are sent to ${complyCube.name}: live photos can cost money.`);
  return complyCube;
}

/** Starts the pipeline and uploads the photos. With a page, serves it until interrupted. */
async function run(
  { own, isJson, hasLogs }: StartArguments,
  photos: readonly PhotoToPut[],
  complyCube: ComplyCubeChoice,
  page: ServedPage | undefined,
): Promise<PhotoResult[]> {
  const paint = paintFor(process.stdout);
  const print = (text: string): void => {
    if (!isJson) console.log(text);
  };
  // Outcomes of the given photos are printed as results, so the log's lines about outcomes are not printed meanwhile.
  let isRunning = photos.length > 0;
  const log = new FunctionLog((photo) => {
    if (!isRunning || photo.status === undefined) print(renderLogged(photo, paint));
  });
  const lastErrors = new LastErrors();
  print('Bundling the function and starting local servers for S3, SQS, Secrets Manager and EventBridge …');
  const pipeline = await startPipeline({
    complyCube: complyCube.access,
    waitSpeed: complyCube.waitSpeed,
    ...page?.pipelineOptions,
    onLogLine: (line) => {
      log.take(line);
      lastErrors.take(line);
      page?.logLine(line);
      if (hasLogs) console.error(line);
    },
    onError: ({ message }) => console.error(`An invocation failed: ${message}`),
  });
  const signal = abortOnInterrupt();
  const s3 = connectToS3(pipeline);
  try {
    page?.open(pipeline, s3);
    print('The stack runs on this machine.');
    if (isRunning)
      print(`Uploading ${count(photos.length, 'photo')} to S3. The function sends them to ${complyCube.name}:`);
    let done = 0;
    const onResult = (result: PhotoResult): void => {
      const progress = `${String(++done).padStart(String(photos.length).length)}/${photos.length}`;
      print(renderProgress(result, progress, paint));
    };
    const bucket = pipeline.deployment.photoBucket;
    const results = await runPhotos(photos, { s3, bucket, log, onResult, signal });
    if (isJson) console.log(JSON.stringify(results, null, 2));
    if (isRunning) {
      print(renderReport(results, paint));
      if (complyCube.waitSpeed > 1) print(`Waits before retries were divided by ${complyCube.waitSpeed}.`);
      if (own === undefined) print('Next: `npm start -- --serve` serves a web page for your own photos.');
    }
    isRunning = false;
    if (page !== undefined) {
      const endpoint = await startStackEndpoint(pipeline, lastErrors);
      print(renderEndpoints(pipeline, complyCube.access.baseUrl, { page: page.url, stack: endpoint.url }));
      await aborted(signal);
      print('\nStopping.');
      await endpoint.close();
    }
    return results;
  } finally {
    s3.destroy();
    await pipeline.stop();
  }
}

void runCommand(main, (error) => error instanceof UsageError || error instanceof EnvironmentError);
