import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { uploadSettingsFrom } from 'complycube-live-photos/upload-settings';
import { join } from 'node:path';
import { answer, type ApiDeps } from './api';

/** An event of API Gateway's HTTP API, format 2.0. */
interface HttpApiEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly requestContext: { readonly http: { readonly method: string } };
}

const s3 = new S3Client();
const settings = uploadSettingsFrom(process.env);
/** cdk/back-end-code.ts copies the files here. */
const page = { folder: join(__dirname, 'page'), browserModule: join(__dirname, 'page', 'browser.mjs') };
let deps: Promise<ApiDeps> | undefined;

/** Serves the app behind API Gateway. */
export async function handler(event: HttpApiEvent) {
  deps ??= readDeps();
  // Read the key again after a failure.
  deps.catch(() => (deps = undefined));
  const request = {
    method: event.requestContext.http.method,
    path: `${event.rawPath}?${event.rawQueryString}`,
    cookies: (event.cookies ?? []).join('; '),
  };
  const { status, headers, body } = await answer(request, await deps);
  return { statusCode: status, headers, body };
}

async function readDeps(): Promise<ApiDeps> {
  const SecretId = process.env['SESSION_KEY_SECRET_ID'];
  const { SecretString: sessionKey = '' } = await new SecretsManagerClient().send(
    new GetSecretValueCommand({ SecretId }),
  );
  return { s3, settings, sessionKey, isHttps: true, page, outcomeWaitMs: 20_000 };
}
