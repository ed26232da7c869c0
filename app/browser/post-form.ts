/** S3's answer to a form. */
export interface FormAnswer {
  readonly status: number;
  /** The `Code` of S3's error. Undefined if there is none, for example in the answer of a proxy. */
  readonly code: string | undefined;
  /** The `Message` of S3's error. */
  readonly message: string | undefined;
}

/**
 * Posts a form. Uses XMLHttpRequest because fetch does not report the progress of uploads.
 *
 * Its listener for progress makes browsers ask S3 first whether this page may upload. So a page that CORS forbids sends nothing.
 * @param onProgress called with the share that is sent, from 0 to 1.
 * @param timeoutMs the connection counts as broken after this time without progress.
 * @param end ends the upload.
 * @returns undefined if there is no answer. S3 may have stored the photo.
 */
export async function postForm(
  url: string,
  form: FormData,
  onProgress: (share: number) => void,
  timeoutMs: number,
  end: AbortSignal,
): Promise<FormAnswer | undefined> {
  end.throwIfAborted();
  const request = new XMLHttpRequest();
  const abort = (): void => request.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const awaitProgress = (): void => {
    clearTimeout(timer);
    timer = setTimeout(abort, timeoutMs);
  };
  end.addEventListener('abort', abort);
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => {
      awaitProgress();
      onProgress(loaded / total);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      resolve(answerOf(request));
    };
    request.open('POST', url);
    request.send(form);
    awaitProgress();
  });
}

function answerOf({ status, responseText }: XMLHttpRequest): FormAnswer | undefined {
  if (status === 0) return undefined;
  const elementOf = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)`).exec(responseText)?.[1];
  return { status, code: elementOf('Code'), message: elementOf('Message') };
}
