import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environmentNames } from '../../contract/environment';
import { uploadEnvironmentNames } from '../../contract/upload-environment';
import type { LocalPipeline } from '../pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { sampleClientId } from './sample-set';

/**
 * Renders the servers' addresses, and commands to copy for `aws` and `live-photos`.
 * @param complyCubeUrl the URL of the API that the function calls.
 * @param urls the web page, and the endpoint for the command line's `--local` option.
 */
export function renderEndpoints(
  { s3, sqs, secretsManager, eventBridge, deployment, awsVariables, function: fn }: LocalPipeline,
  complyCubeUrl: string,
  urls: { readonly page: string; readonly stack: string },
): string {
  const { photoBucket } = deployment;
  const photo = writeSamplePhoto();
  const object = `--bucket ${photoBucket} --key photo.jpg`;
  const clientIdMetadata = fn.variables[environmentNames.clientIdMetadata] ?? '';
  const variables = {
    ...awsVariables,
    AWS_DEFAULT_REGION: awsVariables['AWS_REGION'],
    // For your own back end.
    [uploadEnvironmentNames.bucket]: photoBucket,
    [uploadEnvironmentNames.clientIdMetadata]: clientIdMetadata,
  };
  return `
S3               ${s3.url}
  photo bucket   ${photoBucket}
SQS              ${sqs.url}
  upload queue   ${deployment.queueUrl}
  dead letters   ${fn.variables[environmentNames.deadLetterQueueUrl] ?? ''}
Secrets Manager  ${secretsManager.url}
  API key        ${fn.variables[environmentNames.apiKeySecretId] ?? ''}
EventBridge      ${eventBridge.url}
ComplyCube       ${complyCubeUrl}
  client         ${sampleClientId}
Command line     ${urls.stack}  for live-photos --local
Page             ${urls.page}/  open this in a browser

Commands for another terminal, in this folder:

  export ${Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' \\\n    ')}
  aws s3api put-object ${object} --body ${photo} --metadata ${clientIdMetadata}=${sampleClientId}
  aws s3api get-object-tagging ${object}
  npx live-photos doctor --local ${urls.stack}
  npx live-photos status photo.jpg --local ${urls.stack}
  npx live-photos erase photo.jpg --local ${urls.stack}

Ctrl-C stops it.`;
}

/** @returns the path of a sample photo, relative to the current folder. */
function writeSamplePhoto(): string {
  const folder = join(__dirname, '..', '..', 'dist', 'local');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'photo.jpg');
  writeFileSync(path, makeJpeg({ bytes: 200_000, seed: 1 }));
  return relative(process.cwd(), path);
}
