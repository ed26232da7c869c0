import { S3Client } from '@aws-sdk/client-s3';
import { EnvironmentError } from '../../lambda/read-environment';
import { chooseRealComplyCube, type ComplyCubeChoice, startStandIn } from './choose-complycube';
import { UsageError } from '../../cli/command-error';
import { aborted, abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { FunctionLog } from './function-log';
import { LastErrors } from '../pipeline/last-errors';
import { loadPhotos } from './load-photos';
import { type ServedPage, servePage } from '../page/serve-page';
import { paintFor } from '../paint';
import { type PhotoResult, type PhotoToPut, runPhotos } from './photo-run';
import { localCredentials, startPipeline } from '../pipeline/pipeline';
import { countPhotos, renderLogged, renderProgress, renderReport } from './report';
import { makeSampleSet } from './sample-set';
import { renderEndpoints } from './endpoints';
import { parseStartArguments, type StartArguments, startHelp } from './start-arguments';
import { startStackEndpoint } from '../pipeline/stack-endpoint';
import { localAccount } from '../pipeline/template';

const exitStatus = { asItMust: 0, notAsItMust: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseStartArguments(words);
  if (asked === 'help') {
    console.log(startHelp);
    return exitStatus.asItMust;
  }
  const photos = choosePhotos(asked);
  const complyCube = await chooseComplyCube(asked);
  let page: ServedPage | undefined;
  try {
    if (asked.isServing) page = await servePage(complyCube);
    const results = await run(asked, photos, complyCube, page);
    return results.every(({ isAsExpected }) => isAsExpected) ? exitStatus.asItMust : exitStatus.notAsItMust;
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
  // On standard error, so that it is said with --json too.
  console.error(`Photos are sent to ${complyCube.name}: live photos can cost money.`);
  return complyCube;
}

/** Starts the pipeline, takes the photos through it, and serves the page until it is interrupted where there is one. */
async function run(
  { isJson, hasLogs }: StartArguments,
  photos: readonly PhotoToPut[],
  complyCube: ComplyCubeChoice,
  page: ServedPage | undefined,
): Promise<PhotoResult[]> {
  const paint = paintFor(process.stdout);
  const say = (text: string): void => {
    if (!isJson) console.log(text);
  };
  // While photos of its own are under way, the run itself tells how they end.
  let isRunning = photos.length > 0;
  const log = new FunctionLog((photo) => {
    if (!isRunning || photo.status === undefined) say(renderLogged(photo, paint));
  });

  const lastErrors = new LastErrors();
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
    onError: ({ message }) => {
      console.error(`An invocation failed: ${message}`);
    },
  });
  const interruption = abortOnInterrupt();
  const s3 = new S3Client({
    region: localAccount.region,
    endpoint: pipeline.s3.url,
    forcePathStyle: true,
    credentials: localCredentials,
  });
  try {
    page?.open(pipeline, s3);
    say('The stack is deployed on this machine: S3, SQS, Secrets Manager and the function’s bundle.');
    if (isRunning) say(`Putting ${countPhotos(photos.length)}; the function sends to ${complyCube.name}:`);
    let ended = 0;
    const onResult = (result: PhotoResult): void => {
      const progress = `${String(++ended).padStart(String(photos.length).length)}/${photos.length}`;
      say(renderProgress(result, progress, paint));
    };
    const bucket = pipeline.deployment.photoBucket;
    const results = await runPhotos(photos, { s3, bucket, log, onResult, signal: interruption });
    if (isJson) console.log(JSON.stringify(results, null, 2));
    if (isRunning) say(renderReport(results, paint));
    isRunning = false;
    if (page !== undefined) {
      const endpoint = await startStackEndpoint(pipeline, lastErrors);
      say(renderEndpoints(pipeline, complyCube.access.baseUrl, { page: page.url, stack: endpoint.url }));
      await aborted(interruption);
      say('\nStopping.');
      await endpoint.close();
    }
    return results;
  } finally {
    s3.destroy();
    await pipeline.stop();
  }
}

void runCommand(main, (error) => error instanceof UsageError || error instanceof EnvironmentError);
