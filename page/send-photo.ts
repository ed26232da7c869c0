import type { GrantRequest, PageGrant } from './page-state';

/** The upload failed or its result is unknown. It can be retried. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
}

/**
 * Asks for a grant to upload one photo.
 * @throws UploadError if the server is unreachable or refuses. Its message is shown to the person.
 */
export async function askForGrant(wanted: GrantRequest): Promise<PageGrant> {
  const response = await fetch('/grants', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  }).catch((cause: unknown) => {
    throw new UploadError('The server is unreachable. Check your connection, then try again.', { cause });
  });
  if (!response.ok) throw new UploadError(`The server refused the upload: ${await response.text()}`);
  return (await response.json()) as PageGrant;
}

/** Whether a grant is valid for long enough to start an upload. */
export function isUsable({ expiresAt }: PageGrant, nowMs = Date.now()): boolean {
  return Date.parse(expiresAt) - nowMs > 5_000;
}

/**
 * Posts a photo to S3. Uses XMLHttpRequest because fetch does not report the progress of uploads.
 * @param onProgress called with the share that is sent, from 0 to 1.
 * @throws UploadError if the connection breaks or S3 refuses. Its message is shown to the person.
 */
export async function sendPhoto(
  photo: Blob,
  { url, fields }: PageGrant,
  onProgress: (sent: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 ignores every field after the file (S3 user guide, "POST Object").
  form.append('file', photo);
  const request = new XMLHttpRequest();
  await new Promise<void>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new UploadError(`S3 refused the upload (${request.status}${codeOf(request.responseText)}).`));
    });
    request.addEventListener('error', () => {
      reject(new UploadError('The connection broke during the upload. Your photo is still here. Please try again.'));
    });
    request.open('POST', url);
    request.send(form);
  });
}

/** The `Code` of S3's error, if present. */
function codeOf(xml: string): string {
  const [, code] = /<Code>(\w+)<\/Code>/.exec(xml) ?? [];
  return code === undefined ? '' : `, ${code}`;
}
