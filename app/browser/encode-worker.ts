import { encodePicture, type EncodedPicture } from './encode-picture';

/** What the worker posts: that it runs, its progress, and the result, or its failure. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly encoded: EncodedPicture | undefined };

const post = (message: WorkerMessage): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<Blob | ImageBitmap>) => {
  encodePicture(data, (share) => post({ kind: 'progress', share })).then(
    (encoded) => post({ kind: 'done', encoded }),
    (error: unknown) => reportError(error),
  );
});
post({ kind: 'ready' });
