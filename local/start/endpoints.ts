import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { metadataNames } from '../../contract/photo-rules';
import type { LocalPipeline } from '../pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { sampleClientId } from './sample-set';

/**
 * Renders where the servers listen, with lines for the `aws` command that can be pasted as they are.
 * @param complyCubeUrl where the function sends photos.
 * @param urls the page where a person takes photos, and the stack where the command line finds all of this.
 */
export function renderEndpoints(
  { s3, sqs, secretsManager, deployment, awsVariables }: LocalPipeline,
  complyCubeUrl: string,
  urls: { readonly page: string; readonly stack: string },
): string {
  const { photoBucket } = deployment;
  const photo = writeSamplePhoto();
  const object = `--bucket ${photoBucket} --key photo.jpg`;
  return `
S3               ${s3.url}  bucket ${photoBucket}
SQS              ${sqs.url}
Secrets Manager  ${secretsManager.url}
ComplyCube       ${complyCubeUrl}
Page             ${urls.page}/  open it in a browser

Paste into another terminal, in this folder:

  export ${Object.entries({ ...awsVariables, AWS_DEFAULT_REGION: awsVariables['AWS_REGION'] })
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}
  aws s3api put-object ${object} --body ${photo} --metadata ${metadataNames.clientId}=${sampleClientId}
  aws s3api get-object-tagging ${object}
  npx live-photos status photo.jpg --local ${urls.stack}

Ctrl-C stops it.`;
}

/** @returns the path of a photo that can be uploaded, seen from where the command runs. */
function writeSamplePhoto(): string {
  const folder = join(__dirname, '..', '..', 'dist', 'local');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'photo.jpg');
  writeFileSync(path, makeJpeg({ bytes: 200_000, seed: 1 }));
  return relative(process.cwd(), path);
}
