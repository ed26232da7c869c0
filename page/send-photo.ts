import type { GrantRequest, PageGrant } from './page-state';

/** The upload did not come to its end, or nobody knows whether it did: it can be tried again. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
}

/**
 * Asks for a grant to upload one photo.
 * @throws UploadError when the server can't be reached or refuses; the message is for people.
 */
export async function askForGrant(wanted: GrantRequest): Promise<PageGrant> {
  const response = await fetch('/grants', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  }).catch((cause: unknown) => {
    throw new UploadError('The server can’t be reached. Check your connection, then try again.', { cause });
  });
  if (!response.ok) throw new UploadError(`No upload was granted: ${await response.text()}`);
  return (await response.json()) as PageGrant;
}

/** Whether a grant lasts long enough to start an upload with it. */
export function isUsable({ expiresAt }: PageGrant, nowMs = Date.now()): boolean {
  return Date.parse(expiresAt) - nowMs > 5_000;
}

/**
 * Uploads a photo straight to S3, by the form that was granted. XMLHttpRequest, because fetch tells nothing of an upload's
 * progress.
 * @param onProgress told how much is sent, from 0 to 1.
 * @throws UploadError when the network breaks or S3 refuses; the message is for people.
 */
export async function sendPhoto(
  photo: Blob,
  { url, fields }: PageGrant,
  onProgress: (sent: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 passes over every field behind the file (S3 user guide, "POST Object").
  form.append('file', photo);
  const request = new XMLHttpRequest();
  await new Promise<void>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      onProgress(total === 0 ? 0 : loaded / total);
    });
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new UploadError(`S3 refused the upload (${request.status}${codeOf(request.responseText)}).`));
    });
    request.addEventListener('error', () => {
      reject(
        new UploadError('The connection broke while the photo was under way. Your photo is still here: try again.'),
      );
    });
    request.open('POST', url);
    request.send(form);
  });
}

/** The `Code` of S3's error, where there is one. */
function codeOf(xml: string): string {
  const [, code] = /<Code>(\w+)<\/Code>/.exec(xml) ?? [];
  return code === undefined ? '' : `, ${code}`;
}
