/** S3's answer to a form. */
export interface FormAnswer {
  readonly status: number;
  /** The `Code` of S3's error. Undefined if there is none, for example in the answer of a proxy. */
  readonly code: string | undefined;
  /** The `Message` of S3's error. */
  readonly message: string | undefined;
}

/** Options of {@link postForm}. */
export interface PostOptions {
  /** Called with the share of the form that is sent, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal | undefined;
  /** The connection is closed after this time without progress. */
  readonly timeoutMs: number;
}

/**
 * Posts a form. Uses XMLHttpRequest because fetch does not report the progress of uploads.
 *
 * Its listeners for progress make browsers ask S3 first whether this page may upload. So a page that CORS forbids sends nothing.
 * @returns undefined if there is no answer. S3 may have stored the photo.
 */
export async function postForm(
  url: string,
  form: FormData,
  { onProgress, signal, timeoutMs }: PostOptions,
): Promise<FormAnswer | undefined> {
  const request = new XMLHttpRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = (): void => request.abort();
  const awaitProgress = (): void => {
    clearTimeout(timer);
    timer = setTimeout(abort, timeoutMs);
  };
  try {
    await new Promise((resolve) => {
      request.upload.onprogress = ({ loaded, total }) => {
        awaitProgress();
        onProgress(loaded / total);
      };
      request.onloadend = resolve;
      request.open('POST', url);
      request.send(form);
      awaitProgress();
      signal?.addEventListener('abort', abort);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
  signal?.throwIfAborted();
  const { status, responseText } = request;
  if (status === 0) return undefined;
  const elementOf = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)`).exec(responseText)?.[1];
  return { status, code: elementOf('Code'), message: elementOf('Message') };
}
