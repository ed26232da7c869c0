import { encodePicture, type EncodedPicture } from './encode-picture';
import type { WorkerMessage } from './encode-worker';

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
  const worker = 'OffscreenCanvas' in globalThis ? await startWorker(signal) : undefined;
  if (worker === undefined) return encodePicture(picture, onProgress);
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        if (data.kind === 'progress') onProgress(data.share);
        if (data.kind === 'done') resolve(data.encoded);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(picture, picture instanceof Blob ? [] : [picture]);
    });
  } finally {
    worker.terminate();
  }
}

/** @returns undefined if the page's Content-Security-Policy forbids workers from `blob:`. */
async function startWorker(signal: AbortSignal): Promise<Worker | undefined> {
  const url = URL.createObjectURL(new Blob([encodeWorkerSource], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    signal.addEventListener('abort', () => worker.terminate());
    return await new Promise((resolve) => {
      worker.onmessage = () => resolve(worker);
      worker.onerror = () => resolve(undefined);
    });
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}
