import { encodePicture, type EncodedPicture } from './encode-picture';
import type { WorkerMessage } from './encode-worker';
import { withUrl } from './with-url';

/** The bundled encode-worker.ts. The build inserts it, so that the module is one file: see build/browser-module.ts. */
declare const encodeWorkerSource: string;

/**
 * Like {@link encodePicture}, in a worker. If the browser has no worker with canvases, or the page's policy forbids this one, the page
 * encodes.
 * @param signal ends the worker. The promise is then never settled.
 */
export async function encodeInWorker(
  picture: Blob | ImageBitmap,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<EncodedPicture | undefined> {
  signal.throwIfAborted();
  const worker = 'OffscreenCanvas' in globalThis ? await startWorker(signal) : undefined;
  if (worker === undefined) return encodePicture(picture, onProgress);
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) =>
        typeof data === 'number' ? onProgress(data) : resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(picture, picture instanceof Blob ? [] : [picture]);
    });
  } finally {
    worker.terminate();
  }
}

/** @returns undefined if the page's Content-Security-Policy forbids workers from `blob:`. */
async function startWorker(signal: AbortSignal): Promise<Worker | undefined> {
  return withUrl(new Blob([encodeWorkerSource]), async (url) => {
    const worker = new Worker(url);
    signal.addEventListener('abort', () => worker.terminate());
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    });
    return worker;
  });
}
